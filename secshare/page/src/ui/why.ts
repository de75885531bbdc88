/** The most useful thing to say about a file that did not open. */

import type { Reason } from "../engine/protocol";
import { type Understood, WORDS, WORDS_STRONG } from "../words";
import type { Fields } from "./texts";

export interface Why {
  readonly key: string;
  readonly fields?: Fields;
}

const LEAST = 3; // fewer words may well be another program's passphrase
const KINDS: readonly [RegExp, string][] = [
  [/\.(?:eml|msg|mbox|emlx)$/iu, "err_mail"],
  [/^message\.txt$/iu, "err_mail"],
  [/\.pdf$/iu, "err_pdf"],
  [/\.html?$/iu, "err_page"],
  [/\.(?:jpe?g|png|heic|heif|gif|webp)$/iu, "err_photo"],
];

/** Return what to say of a file that is not a sealed one: what it is, by its name. */
export function whyNotSealed(reason: Reason, file: { blob: Blob; name: string }): Why {
  if (reason !== "not_age" && reason !== "not_ours") return { key: `err_${reason}` };
  if (file.blob.size === 0) return { key: "err_empty" };
  const known = KINDS.find(([name]) => name.test(file.name));
  return { key: known?.[1] ?? `err_${reason}` };
}

/** Return what to say of words that do not open: which to look at again, where that is known. */
export function whyNotOpened(understood: Understood, ours: string | null): Why {
  const { reference: theirs, unread, corrected, words, marks } = understood;
  if (ours !== null && theirs !== null && theirs !== ours) {
    return { key: "err_other_reference", fields: { theirs, ours } };
  }
  // A reference, or the address of a page, and no word beside it.
  if (marks.length === 0) return { key: "err_words_first" };
  if (unread[0] !== undefined && words > unread.length) {
    return { key: "err_words_unread", fields: { position: unread[0].position } };
  }
  if (words >= LEAST && words !== WORDS && words !== WORDS_STRONG) {
    return { key: "err_words_count", fields: { count: words } };
  }
  if (corrected[0] !== undefined) {
    return { key: "err_words_doubtful", fields: { position: corrected[0].position } };
  }
  return { key: "err_words_wrong" };
}

/** Return how many readings are tried: fewer where each takes long, so that nobody waits minutes. */
export function tries(factor: number | null): number {
  const QUICK = 15; // 2^15: some 80 ms a try
  const FEWEST = 4;
  return Math.max(FEWEST, 32 >> Math.max(0, (factor ?? 0) - QUICK));
}
