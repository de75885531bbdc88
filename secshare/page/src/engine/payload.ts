// The content: opened as a stream, and what is wrong with it when it does not open.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter } from "age-encryption";

import { gathered } from "./blobs.ts";
import { Failure, reasonOf } from "./failure.ts";
import type { Sealed } from "./intake.ts";
import type { Progress } from "./unlocking.ts";

const NONCE = 16;
const TAG = 16;
const CHUNK = 1 << 16;
const SEALED = CHUNK + TAG;

/**
 * The whole clear text of a file. Nothing of it is returned before its last chunk is verified.
 */
export async function openPayload(sealed: Sealed, fileKey: Uint8Array, progress: Progress): Promise<Blob> {
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  let clear: ReadableStream<Uint8Array>;
  try {
    clear = await decrypter.decrypt(sealed.binary());
  } catch (error) {
    throw ours(error) ?? new Failure("cut"); // the header is known to be right: the nonce is short
  }
  const size = sealed.armored ? (sealed.file.size * 3) / 4 : sealed.file.size;
  try {
    return await gathered(clear, (done) => {
      progress(Math.min(1, done / size));
    });
  } catch (error) {
    throw ours(error) ?? new Failure((await isCut(sealed, fileKey)) ? "cut" : "damaged");
  }
}

function ours(error: unknown): unknown {
  return reasonOf(error) === "fault" ? undefined : error;
}

/**
 * Whether a payload that does not open is surely cut: it ends between two chunks, or in fewer bytes
 * than a chunk can have, and what stands before is genuine. A cut anywhere else looks like an
 * altered last chunk (docs/decisions/014).
 */
async function isCut({ file, header, armored }: Sealed, fileKey: Uint8Array): Promise<boolean> {
  if (armored) return false; // a text that was cut lacks its last line, and was refused for that
  const start = header.bytes.length + NONCE;
  const size = file.size - start;
  if (size < TAG) return true;
  const rest = size % SEALED;
  if (rest >= TAG) return false;
  const number = Math.floor(size / SEALED) - 1;
  if (number < 0) return true;
  const read = async (from: number, length: number): Promise<Uint8Array> =>
    new Uint8Array(await file.slice(from, from + length).arrayBuffer());
  const salt = await read(header.bytes.length, NONCE);
  const key = hkdf(sha256, fileKey, salt, new TextEncoder().encode("payload"), 32);
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, number); // big-endian, before the byte that marks the last
  try {
    chacha20poly1305(key, nonce).decrypt(await read(start + number * SEALED, SEALED));
    return true;
  } catch (error) {
    if (error instanceof DOMException) throw error;
    return false;
  }
}
