// The engine: a Worker, so that the page never waits for it. It takes requests and answers them.

import { reasonOf } from "./failure.ts";
import { seconds } from "./estimate.ts";
import { look } from "./intake.ts";
import { open } from "./opening.ts";
import type { Answer, Request } from "./protocol.ts";
import { referenceIn } from "./reference.ts";
import { seal } from "./sealing.ts";
import type { Progress } from "./unlocking.ts";

const TOLD_EVERY = 50; // milliseconds: a bar that is smooth, and no flood of messages

const port = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage: (answer: Answer) => void;
  close: () => void;
};

port.onmessage = ({ data }) => {
  if (data.kind === "cancel") {
    port.close();
    return;
  }
  answer(data).then(
    (given) => {
      port.postMessage(given);
    },
    (error: unknown) => {
      port.postMessage({ id: data.id, kind: "failed", reason: reasonOf(error) });
    },
  );
};

async function answer(asked: Exclude<Request, { kind: "cancel" }>): Promise<Answer> {
  const { id } = asked;
  switch (asked.kind) {
    case "inspect": {
      const { factor } = (await look(asked.file)).header;
      return {
        id,
        kind: "inspected",
        sealed: factor === null ? "keys" : "words",
        factor,
        size: asked.file.size,
        seconds: seconds(asked.file.size, factor),
        reference: referenceIn(asked.name),
      };
    }
    case "open":
      return {
        id,
        kind: "opened",
        ...(await open(asked.file, asked.name, asked, {
          deriving: telling(id, "deriving"),
          reading: telling(id, "reading"),
        })),
      };
    case "seal":
      return {
        id,
        kind: "sealed",
        ...(await seal(asked.documents, asked.recipient, asked.answers, telling(id, "reading"))),
      };
  }
}

function telling(id: number, phase: "deriving" | "reading"): Progress {
  let last = performance.now();
  return (share) => {
    const now = performance.now();
    if (now - last < TOLD_EVERY) return;
    last = now;
    port.postMessage({ id, kind: "progress", phase, done: Math.round(share * 1000), total: 1000 });
  };
}
