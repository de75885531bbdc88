import type { Reason } from "./protocol.ts";

/** Every failure that the engine ends with on purpose. */
export class Failure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The reason of whatever was thrown: what the browser says of files and memory, else a fault. */
export function reasonOf(thrown: unknown): Reason {
  if (thrown instanceof Failure) return thrown.reason;
  // An array that cannot be had is a RangeError in every engine ("Array buffer allocation failed").
  if (thrown instanceof RangeError) return "memory";
  if (thrown instanceof DOMException) {
    if (thrown.name === "QuotaExceededError") return "memory";
    // The file was moved, changed or unplugged since it was chosen.
    if (["NotReadableError", "NotFoundError", "SecurityError"].includes(thrown.name)) return "unreadable";
  }
  return "fault";
}
