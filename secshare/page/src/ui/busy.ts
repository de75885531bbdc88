/** What is shown while an engine works: a bar, and a way to stop. Each of the two has its own. */

import { byId, goTo, show } from "./dom";
import type { Progress } from "./engine";
import { tell } from "./texts";

/** The panel of what stands in the page under an id, `busy` or `answer-busy`. */
export class Busy {
  readonly #panel: HTMLElement;
  readonly #text: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #stop: HTMLElement;

  constructor(id: string) {
    this.#panel = byId(id);
    this.#text = byId(`${id}-text`);
    this.#bar = byId<HTMLProgressElement>(`${id}-bar`);
    this.#stop = byId(`${id}-stop`);
  }

  /** Call back when the person wants to stop. */
  onStop(stop: () => void): void {
    this.#stop.addEventListener("click", stop);
  }

  /** Show that the engine works, and lead the keyboard there: its button has just gone. */
  begin(key: string): void {
    show(this.#panel, true);
    this.#bar.removeAttribute("value");
    tell(this.#text, key);
    goTo(this.#panel);
  }

  /** Show how far it is. */
  progressed({ phase, done, total }: Progress, derivingKey: string, readingKey: string): void {
    tell(this.#text, phase === "deriving" ? derivingKey : readingKey);
    this.#bar.max = Math.max(1, total);
    this.#bar.value = Math.min(done, this.#bar.max);
  }

  /** Show that it has ended. */
  end(): void {
    show(this.#panel, false);
  }
}
