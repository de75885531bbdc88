// From a header to the file key: by words, or by a key.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { Decrypter, type Identity } from "age-encryption";

import { CANDIDATES } from "../words/limits.ts";
import { Failure } from "./failure.ts";
import type { Header } from "./header.ts";
import { keyIn } from "./identity.ts";

/** Told how far a phase is, from 0 to 1. */
export type Progress = (share: number) => void;

export interface Unlocked {
  readonly fileKey: Uint8Array;
  /** Which of the readings opened it. */
  readonly reading: number;
}

/**
 * Try the readings in their order, at most CANDIDATES of them, one scrypt each.
 *
 * `words_wrong` where none opens: a damaged stanza looks the same. `damaged` where one does and the
 * header was altered. `memory` where scrypt's table cannot be had.
 */
export async function byWords(
  header: Header,
  words: readonly string[],
  progress: Progress,
): Promise<Unlocked> {
  const readings = words.slice(0, CANDIDATES);
  for (const [reading, text] of readings.entries()) {
    const stretched: Identity = {
      unwrapFileKey: ([stanza]) => {
        const [, salt, factor] = stanza!.args;
        const key = stretch(text, salt!, Number(factor), (share) => {
          progress((reading + share) / readings.length);
        });
        return unwrapped(key, stanza!.body);
      },
    };
    const fileKey = text === "" ? null : await fileKeyOf(header, stretched);
    if (fileKey !== null) return { fileKey, reading };
  }
  throw new Failure("words_wrong");
}

/** Try a key as it was typed. `identity_wrong` where it is none, or another file's. */
export async function byIdentity(header: Header, typed: string): Promise<Unlocked> {
  const key = keyIn(typed);
  const fileKey = key === null ? null : await fileKeyOf(header, key);
  if (fileKey === null) throw new Failure("identity_wrong");
  return { fileKey, reading: 0 };
}

/** The file key, verified against the header's MAC; null where the identity does not open it. */
async function fileKeyOf(header: Header, identity: string | Identity): Promise<Uint8Array | null> {
  let nobody = false;
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  // Asked only once the identity before it knew no stanza: no error text has to be understood.
  decrypter.addIdentity({
    unwrapFileKey: () => {
      nobody = true;
      return null;
    },
  });
  try {
    return await decrypter.decryptHeader(header.bytes);
  } catch (error) {
    if (nobody) return null;
    throw error instanceof RangeError ? error : new Failure("damaged");
  }
}

/** Progress is told in hundredths: a message for every step of scrypt would cost more than it. */
export function stretch(text: string, salt: string, factor: number, progress?: Progress): Uint8Array {
  let told = 0;
  const label = new TextEncoder().encode("age-encryption.org/v1/scrypt");
  const raw = Uint8Array.from(atob(salt), (character) => character.charCodeAt(0));
  const salted = new Uint8Array(label.length + raw.length);
  salted.set(label);
  salted.set(raw, label.length);
  return scrypt(text, salted, {
    N: 2 ** factor,
    r: 8,
    p: 1,
    dkLen: 32,
    ...(progress === undefined
      ? {}
      : {
          onProgress: (share: number) => {
            if (share < told) return;
            told = share + 0.01;
            progress(share);
          },
        }),
  });
}

function unwrapped(key: Uint8Array, body: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(key, new Uint8Array(12)).decrypt(body);
  } catch {
    return null;
  }
}
