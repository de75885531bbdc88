// Opening one sealed file: verified to its end, then its documents.

import { isOurs, readArchive } from "./archive.ts";
import { Failure } from "./failure.ts";
import { look } from "./intake.ts";
import { HEAD_BYTES, namedAs, typeOf } from "./kinds.ts";
import { PHOTO_PIXELS } from "./limits.ts";
import { clearName, uniqueName } from "./names.ts";
import { openPayload } from "./payload.ts";
import { pixelsOf } from "./pictures.ts";
import { mayRun } from "./programs.ts";
import type { Caution, Document, Show } from "./protocol.ts";
import { type Progress, byIdentity, byWords } from "./unlocking.ts";

export interface Opened {
  readonly reading: number;
  readonly documents: Document[];
}

/** What opens a file: readings of words, best first, or a key. */
export type Secret = { readonly words: readonly string[] } | { readonly identity: string };

/**
 * Open a sealed file. Documents are returned once every byte of the file is verified, or not at all.
 */
export async function open(
  file: Blob,
  name: string,
  secret: Secret,
  told: { readonly deriving: Progress; readonly reading: Progress },
): Promise<Opened> {
  const sealed = await look(file);
  const withWords = "words" in secret;
  if (withWords && sealed.header.factor === null) throw new Failure("needs_card");
  if (!withWords && sealed.header.factor !== null) throw new Failure("needs_words");
  const { fileKey, reading } = withWords
    ? await byWords(sealed.header, secret.words, told.deriving)
    : await byIdentity(sealed.header, secret.identity);
  const clear = await openPayload(sealed, fileKey, told.reading);
  const documents: Document[] = [];
  const taken = new Set<string>();
  if (await isOurs(clear)) {
    const members = await readArchive(clear);
    for (const member of members) documents.push(await document(member.name, member.blob, taken));
  } else {
    documents.push(await document(clearName(name), clear, taken));
  }
  return { reading, documents };
}

async function document(name: string, content: Blob, taken: Set<string>): Promise<Document> {
  const head = new Uint8Array(await content.slice(0, HEAD_BYTES).arrayBuffer());
  const found = typeOf(head);
  const { type, show } = found;
  const caution = await cautionOf(content, head, show);
  return {
    name: uniqueName(namedAs(name, found), taken),
    blob: content.slice(0, content.size, type),
    show: caution === "large" ? null : show,
    caution,
  };
}

async function cautionOf(content: Blob, head: Uint8Array, show: Show): Promise<Caution> {
  if (show === "image") return (pixelsOf(head) ?? Infinity) > PHOTO_PIXELS ? "large" : null;
  return show === "pdf" && (await mayRun(content)) ? "program" : null;
}
