// How long opening will take here: measured once, on a little of the same work.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

import { stretch } from "./unlocking.ts";

const FACTOR = 11; // 2 MiB, some 10 ms
const CHUNK = 1 << 16;
const CHUNKS = 16;
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

/** The second of two runs: the first is slower, the browser has not yet compiled it. */
function timed(work: () => unknown): number {
  work();
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
