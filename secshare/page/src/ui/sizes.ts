/** Sizes and durations as people say them. */

import { say } from "./texts";

/** Return a size in the units of a mail program: thousands, not powers of two. */
export function size(bytes: number): string {
  if (bytes === 1) return say("size_byte");
  if (bytes < 1000) return say("size_bytes", { count: bytes });
  if (bytes < 999_500) return say("size_kilo", { count: Math.max(1, Math.round(bytes / 1000)) });
  return say("size_mega", { count: Math.round(bytes / 100_000) / 10 });
}

/** Return how long opening takes, rounded up: nobody minds that it was faster. */
export function duration(seconds: number): string {
  if (seconds < 1.5) return say("time_moment");
  if (seconds < 100) return say("time_seconds", { count: Math.ceil(seconds) });
  return say("time_minutes", { count: Math.ceil(seconds / 60) });
}
