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

let worker: Worker | null = null;
let count = 0;
const waiting = new Map<number, Waiting>();

/** Start the engine before it is needed. */
export function warm(): void {
  worker ??= started();
}

/** Ask for something; the answer is null when it was stopped. */
export function ask(asked: Asked, progress: (told: Progress) => void = () => {}): Promise<Final | null> {
  const id = ++count;
  return new Promise((settle) => {
    waiting.set(id, { settle, progress });
    try {
      worker ??= started();
      worker.postMessage({ ...asked, id });
    } catch {
      fail("fault");
    }
  });
}

/** Stop whatever the engine does, at once, and let go of its memory. */
export function stop(): void {
  worker?.terminate();
  worker = null;
  settleAll(() => null);
}

function started(): Worker {
  const code = new Blob([byId("engine").textContent ?? ""], { type: "text/javascript" });
  const address = URL.createObjectURL(code);
  const made = new Worker(address);
  made.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    URL.revokeObjectURL(address);
    const asked = waiting.get(data.id);
    if (data.kind === "progress") {
      asked?.progress(data);
    } else {
      waiting.delete(data.id);
      asked?.settle(data);
    }
  });
  made.addEventListener("error", (event) => {
    event.preventDefault();
    if (worker === made) fail("fault");
  });
  return made;
}

function fail(reason: Reason): void {
  worker?.terminate();
  worker = null;
  settleAll((id) => ({ id, kind: "failed", reason }));
}

function settleAll(answer: (id: number) => Final | null): void {
  const all = [...waiting];
  waiting.clear();
  for (const [id, { settle }] of all) settle(answer(id));
}
