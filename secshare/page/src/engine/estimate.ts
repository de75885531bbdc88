// How long opening will take here: measured on a little of the same work.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

import { stretch } from "./unlocking.ts";

/** scrypt's work factors to measure with: 1 MiB, some 5 ms; and 4 MiB, some 20 ms, compiled by then. */
const ROUGH = 10;
const FINE = 12;
/** Seconds from which the estimate is worth the time to measure better. */
const LONG = 1;
const RUNS = 3;
const CHUNK = 1 << 16;
const CHUNKS = 8;
const SALT = "AAAAAAAAAAAAAAAAAAAAAA";
/** Streams and Blobs, beside the cipher itself. */
const AROUND = 1.5;

interface Measured {
  /** Of scrypt, a mebibyte's. */
  readonly derivation: number;
  /** Of the cipher, a byte's. */
  readonly byte: number;
}

let rough: Measured | undefined;
let fine: Measured | undefined;

/** Seconds to open a file of this size with one reading; a factor of null is a key. */
export function seconds(size: number, factor: number | null): number {
  const estimate = ({ derivation, byte }: Measured): number =>
    (factor === null ? 0 : derivation * 2 ** (factor - ROUGH)) + size * byte * AROUND;
  const first = estimate(fine ?? (rough ??= measure(ROUGH)));
  return first < LONG ? first : estimate((fine ??= measure(FINE)));
}

function measure(factor: number): Measured {
  const derivation = timed(() => stretch("measure", SALT, factor)) / 2 ** (factor - ROUGH);
  const key = new Uint8Array(32);
  const nonce = new Uint8Array(12);
  const sealed = chacha20poly1305(key, nonce).encrypt(new Uint8Array(CHUNK));
  const opening = timed(() => {
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) chacha20poly1305(key, nonce).decrypt(sealed);
  });
  return { derivation, byte: opening / (CHUNK * CHUNKS) };
}

/** The best of a few runs: in the first the browser compiles, in others it does something else. */
function timed(work: () => unknown): number {
  let best = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}
