/** The engine, in a Worker of its own: the page asks, waits, and never works itself. */

import type { Answer, Reason, Request } from "../engine/protocol";
import { byId } from "./dom";

type WithoutId<R> = R extends unknown ? Omit<R, "id"> : never;
export type Asked = WithoutId<Request>;
export type Progress = Extract<Answer, { kind: "progress" }>;
export type Final = Exclude<Answer, { kind: "progress" }>;

interface Waiting {
  readonly settle: (answer: Final | null) => void;
  readonly progress: (progress: Progress) => void;
}

/**
 * One of the page's engines: one opens, another seals, so that whatever ends the one lets the other
 * go on. A Worker is started when it is first needed.
 */
export class Engine {
  #worker: Worker | null = null;
  #count = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Start it before it is needed. */
  warm(): void {
    this.#worker ??= this.#started();
  }

  /** Ask for something; the answer is null when it was stopped. */
  ask(asked: Asked, progress: (told: Progress) => void = () => {}): Promise<Final | null> {
    const id = ++this.#count;
    return new Promise((settle) => {
      this.#waiting.set(id, { settle, progress });
      try {
        this.#worker ??= this.#started();
        this.#worker.postMessage({ ...asked, id });
      } catch {
        this.#fail("fault");
      }
    });
  }

  /** Stop whatever it does, at once, and let go of its memory. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settleAll(() => null);
  }

  #started(): Worker {
    const code = new Blob([byId("engine").textContent ?? ""], { type: "text/javascript" });
    const address = URL.createObjectURL(code);
    const made = new Worker(address);
    made.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      URL.revokeObjectURL(address);
      const asked = this.#waiting.get(data.id);
      if (data.kind === "progress") {
        asked?.progress(data);
      } else {
        this.#waiting.delete(data.id);
        asked?.settle(data);
      }
    });
    made.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker === made) this.#fail("fault");
    });
    return made;
  }

  #fail(reason: Reason): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settleAll((id) => ({ id, kind: "failed", reason }));
  }

  #settleAll(answer: (id: number) => Final | null): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, { settle }] of all) settle(answer(id));
  }
}
