// The beginning of every reading: what kind of file it is, and its header.

import { BEGIN, blank, latin1, unarmored } from "./armor.ts";
import { streamOf } from "./blobs.ts";
import { Failure } from "./failure.ts";
import { type Header, VERSION_LINE, readHeader } from "./header.ts";
import { LOOK_BYTES, isKnown, isMail } from "./kinds.ts";

// PowerShell's `>` writes UTF-16: the file is lost, and was one of ours.
const UTF16 = ["\xff\xfea\0g\0e\0", "\xfe\xff\0a\0g\0e", "\xff\xfe-\0-\0-\0", "\xfe\xff\0-\0-\0-"];

export interface Sealed {
  readonly file: Blob;
  readonly header: Header;
  readonly armored: boolean;
  /** The binary file, from its first byte. */
  readonly binary: () => ReadableStream<Uint8Array>;
}

/**
 * Look at a file's kind and read its header; little of it is read.
 *
 * It fails with `not_age`, `not_ours`, and whatever `readHeader` fails with.
 */
export async function look(file: Blob): Promise<Sealed> {
  const armored = isArmored(new Uint8Array(await file.slice(0, LOOK_BYTES).arrayBuffer()));
  const binary = (): ReadableStream<Uint8Array> =>
    armored ? streamOf([file]).pipeThrough(unarmored()) : streamOf([file]);
  return { file, header: await readHeader(binary()), armored, binary };
}

function isArmored(head: Uint8Array): boolean {
  const start = latin1(head);
  if (start.startsWith(VERSION_LINE)) return false;
  if (head.length < LOOK_BYTES && blank(head)) throw new Failure("not_age");
  if (VERSION_LINE.startsWith(start)) throw new Failure("cut");
  if (UTF16.some((mark) => start.startsWith(mark))) throw new Failure("damaged");
  if (start.startsWith(`\xef\xbb\xbf${VERSION_LINE}`)) throw new Failure("damaged");
  const begin = latin1(BEGIN);
  const first = start.replace(/^[\t-\r ]+/, "").split("\n", 1)[0] ?? "";
  if (first.startsWith("-----") && (first.toUpperCase().includes("AGE ENC") || begin.startsWith(first))) {
    return true;
  }
  if (isMail(head)) throw new Failure("not_ours");
  if (start.includes(begin)) throw new Failure("damaged"); // text was added before it
  throw new Failure(isKnown(head) ? "not_ours" : "not_age");
}
