// Armor: an age file as text. Lenient about white space around the block, strict inside.

import { decodePadded } from "./base64.ts";
import { Failure } from "./failure.ts";

const text = new TextEncoder();
export const BEGIN = text.encode("-----BEGIN AGE ENCRYPTED FILE-----");
const END = text.encode("-----END AGE ENCRYPTED FILE-----");
/** White space read before and after the block, in bytes, as age does. */
const AROUND = 1024;
const COLUMNS = 64;
const ROW = 48;
const LONGEST_LINE = AROUND + 1;

type State = "before" | "rows" | "end" | "after";

/**
 * A stream of the binary file inside an armored one, in constant memory.
 *
 * It fails with `damaged` on text that does not follow the format, and with `cut` where it stops
 * before the last line.
 */
export function unarmored(): TransformStream<Uint8Array, Uint8Array> {
  let state: State = "before";
  let around = AROUND;
  let carry: Uint8Array = new Uint8Array(0);

  /** Take one line without its line feed; return the bytes it holds. */
  function line(given: Uint8Array, ended: boolean): Uint8Array | null {
    const row = ended && given.at(-1) === 13 ? given.subarray(0, -1) : given;
    if (state === "after" || (state === "before" && blank(given))) {
      around -= given.length + (ended ? 1 : 0);
      if (around < 0 || !blank(given)) throw new Failure("damaged");
      return null;
    }
    if (state === "before") {
      if (!same(row, BEGIN)) throw new Failure("damaged");
      state = "rows";
      return null;
    }
    if (same(row, END)) {
      state = "after";
      around = AROUND;
      return null;
    }
    const data = state === "rows" && row.length > 0 && row.length <= COLUMNS ? decodePadded(row) : null;
    if (data === null) throw new Failure(!ended && startsLike(row) ? "cut" : "damaged");
    if (data.length < ROW) state = "end"; // only the last row is short or padded
    return data;
  }

  return new TransformStream({
    transform(chunk, controller) {
      let all = chunk;
      if (carry.length > 0) {
        all = new Uint8Array(carry.length + chunk.length);
        all.set(carry);
        all.set(chunk, carry.length);
      }
      const out = new Uint8Array(Math.ceil((all.length * 3) / 4));
      let filled = 0;
      let start = 0;
      for (let feed = all.indexOf(10); feed >= 0; feed = all.indexOf(10, start)) {
        const data = line(all.subarray(start, feed), true);
        if (data !== null) {
          out.set(data, filled);
          filled += data.length;
        }
        start = feed + 1;
      }
      carry = all.slice(start);
      if (carry.length > LONGEST_LINE) throw new Failure("damaged");
      if (filled > 0) controller.enqueue(out.subarray(0, filled));
    },
    flush(controller) {
      const data = carry.length > 0 ? line(carry, false) : null;
      if (state !== "after") throw new Failure(state === "before" ? "damaged" : "cut");
      if (data !== null) controller.enqueue(data);
    },
  });
}

/** Whether all of it is ASCII white space. */
export function blank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Whether a last line without its end may be the beginning of a good one. */
function startsLike(row: Uint8Array): boolean {
  return same(row, END.subarray(0, row.length)) || /^[A-Za-z0-9+/]{1,64}$/.test(latin1(row));
}

/** The bytes as a string of the same length. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
