/** What is shown while the engine works: a bar, and a way to stop. */

import { byId, show } from "./dom";
import type { Progress } from "./engine";
import { tell } from "./texts";

const panel = byId("busy");
const bar = byId<HTMLProgressElement>("bar");

/** Call back when the person wants to stop. */
export function onStop(stop: () => void): void {
  byId("stop").addEventListener("click", stop);
}

/** Show that the engine works, at a place of the page. */
export function busy(place: HTMLElement, key: string): void {
  place.append(panel);
  show(panel, true);
  bar.removeAttribute("value");
  tell(byId("busy-text"), key);
  panel.scrollIntoView({ block: "nearest" });
}

/** Show how far it is. */
export function progressed({ phase, done, total }: Progress, derivingKey: string): void {
  tell(byId("busy-text"), phase === "deriving" ? derivingKey : "busy_reading");
  bar.max = Math.max(1, total);
  bar.value = Math.min(done, bar.max);
}

/** Show that it has ended. */
export function idle(): void {
  show(panel, false);
}
