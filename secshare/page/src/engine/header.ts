// The header, looked at before any of it is given to the library: its size, its shape, and how much
// work it asks for.

import { latin1 } from "./armor.ts";
import { decode } from "./base64.ts";
import { Failure } from "./failure.ts";
import { HEADER_BYTES, HEADER_STANZAS, WORK_FACTOR_READ } from "./limits.ts";

export const VERSION_LINE = "age-encryption.org/";
const VERSION = `${VERSION_LINE}v1`;
const COLUMNS = 64;
const FEED = 10;

export interface Header {
  /** scrypt's work factor, at most WORK_FACTOR_READ; null for a file that opens with keys. */
  readonly factor: number | null;
  /** The header as it stands in the file, MAC included. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Stanza {
  readonly args: readonly string[];
  readonly body: number;
}

/**
 * Read the header at the beginning of a stream, which is then cancelled.
 *
 * At most HEADER_BYTES are kept, whatever the stream holds. It fails with `damaged`, `cut`, or
 * `too_much_work` for a header, a count of stanzas or a work factor beyond the limits.
 */
export async function readHeader(stream: ReadableStream<Uint8Array>): Promise<Header> {
  const reader = stream.getReader();
  let seen = new Uint8Array(1 << 14);
  let filled = 0;
  try {
    while (filled < HEADER_BYTES && endOf(seen.subarray(0, filled)) < 0) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, HEADER_BYTES - filled);
      if (filled + part.length > seen.length) {
        const wider = new Uint8Array(Math.max(seen.length * 2, filled + part.length));
        wider.set(seen.subarray(0, filled));
        seen = wider;
      }
      seen.set(part, filled);
      filled += part.length;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return parse(seen.subarray(0, filled));
}

/** Where the line of the MAC ends, -1 when it is not there yet. */
function endOf(bytes: Uint8Array): number {
  // No line but the last begins with three dashes: a body has none, a stanza has "->".
  for (let at = bytes.indexOf(FEED); at >= 0; at = bytes.indexOf(FEED, at + 1)) {
    if (bytes[at + 1] === 45 && bytes[at + 2] === 45 && bytes[at + 3] === 45) {
      return bytes.indexOf(FEED, at + 1);
    }
  }
  return -1;
}

function parse(bytes: Uint8Array): Header {
  let at = 0;
  function take(): Uint8Array {
    const feed = bytes.indexOf(FEED, at);
    if (feed < 0) throw new Failure(bytes.length >= HEADER_BYTES ? "too_much_work" : "cut");
    const line = bytes.subarray(at, feed);
    at = feed + 1;
    return line;
  }
  if (latin1(take()) !== VERSION) throw new Failure("damaged");
  const stanzas: Stanza[] = [];
  let line = take();
  while (latin1(line.subarray(0, 3)) !== "---") {
    if (stanzas.length === HEADER_STANZAS) throw new Failure("too_much_work");
    const [mark, ...args] = latin1(line).split(" ");
    if (mark !== "->" || args.length === 0 || !args.every((arg) => /^[!-~]+$/.test(arg))) {
      throw new Failure("damaged");
    }
    let body = 0;
    let row: Uint8Array;
    do {
      row = take();
      const part = row.length <= COLUMNS ? decode(row) : null;
      if (part === null) throw new Failure("damaged");
      body += part.length;
    } while (row.length === COLUMNS);
    stanzas.push({ args, body });
    line = take();
  }
  const mac = line[3] === 32 ? decode(line, 4) : null;
  if (stanzas.length === 0 || mac?.length !== 32) throw new Failure("damaged");
  return { factor: workFactor(stanzas), bytes: bytes.slice(0, at) };
}

function workFactor(stanzas: readonly Stanza[]): number | null {
  if (stanzas.every((stanza) => stanza.args[0] !== "scrypt")) return null;
  const [stanza] = stanzas;
  const [, salt, factor, ...more] = stanza!.args;
  if (
    stanzas.length !== 1 || // whoever knows the words could have added the others
    salt === undefined ||
    factor === undefined ||
    more.length > 0 ||
    decode(new TextEncoder().encode(salt))?.length !== 16 ||
    !/^[1-9][0-9]*$/.test(factor) ||
    stanza!.body !== 32
  ) {
    throw new Failure("damaged");
  }
  if (Number(factor) > WORK_FACTOR_READ) throw new Failure("too_much_work");
  return Number(factor);
}
