// How long opening will take here: measured once, on a little of the same work.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

import { stretch } from "./unlocking.ts";

const FACTOR = 10; // 1 MiB, some 5 ms
const RUNS = 4;
const CHUNK = 1 << 16;
const CHUNKS = 8;
const SALT = "AAAAAAAAAAAAAAAAAAAAAA";
/** Streams and Blobs, beside the cipher itself. */
const AROUND = 1.5;

let measured: { readonly derivation: number; readonly byte: number } | undefined;

/** Seconds to open a file of this size with one reading; a factor of null is a key. */
export function seconds(size: number, factor: number | null): number {
  measured ??= measure();
  const deriving = factor === null ? 0 : measured.derivation * 2 ** (factor - FACTOR);
  return deriving + size * measured.byte * AROUND;
}

function measure(): { readonly derivation: number; readonly byte: number } {
  const derivation = timed(() => stretch("measure", SALT, FACTOR));
  const key = new Uint8Array(32);
  const sealed = chacha20poly1305(key, new Uint8Array(12)).encrypt(new Uint8Array(CHUNK));
  const opening = timed(() => {
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) chacha20poly1305(key, new Uint8Array(12)).decrypt(sealed);
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
