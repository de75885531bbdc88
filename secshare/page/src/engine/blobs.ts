// Blobs as streams, and streams as Blobs.

import { Failure } from "./failure.ts";

/** Bytes read at a time. */
const STEP = 1 << 20;
/** Bytes handed to the browser at a time: it keeps Blobs outside this process, or on the disk. */
const GROUP = 4 << 20;

/**
 * The bytes of all parts, one after the other.
 *
 * Not `blob.stream()`: when a file went away, that says "network error" and nothing else; a slice
 * that cannot be read says so by its name (NotReadableError, NotFoundError).
 */
export function streamOf(parts: readonly BlobPart[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const blobs = parts.map((part) => (part instanceof Blob ? part : new Blob([part])));
  let number = 0;
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      while (at >= (blobs[number]?.size ?? Infinity)) [number, at] = [number + 1, 0];
      const blob = blobs[number];
      if (blob === undefined) {
        controller.close();
        return;
      }
      const step = await blob.slice(at, at + STEP).arrayBuffer();
      at += STEP;
      controller.enqueue(new Uint8Array(step));
    },
  });
}

/**
 * A stream as one Blob, which the browser may keep on its disk; `memory` where it has no room.
 *
 * `told` is given the bytes so far, from time to time.
 */
export async function gathered(
  stream: ReadableStream<Uint8Array>,
  told: (done: number) => void,
): Promise<Blob> {
  const groups: Blob[] = [];
  let group: BlobPart[] = [];
  let held = 0;
  let done = 0;
  const reader = stream.getReader();
  for (;;) {
    const next = await reader.read();
    if (next.done) break;
    group.push(next.value as Uint8Array<ArrayBuffer>);
    held += next.value.length;
    done += next.value.length;
    if (held >= GROUP) {
      groups.push(new Blob(group));
      group = [];
      held = 0;
      told(done);
    }
  }
  const whole = new Blob([...groups, ...group]);
  try {
    // A Blob that the browser had no room for is only noticed when it is read.
    await whole.slice(0, 1).arrayBuffer();
    await whole.slice(-1).arrayBuffer();
  } catch {
    throw new Failure("memory");
  }
  return whole;
}
