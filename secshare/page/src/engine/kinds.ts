// What a file is, by its first bytes and never by its name.

import { latin1 } from "./armor.ts";
import { TEXT_SHOWN } from "./limits.ts";
import { lengthened } from "./names.ts";
import type { Show } from "./protocol.ts";

export interface Type {
  readonly type: string;
  /** Those its files have, the usual one first; none where any may be right. */
  readonly extensions: readonly string[];
  readonly show: Show;
}

const OTHER: Type = { type: "application/octet-stream", extensions: [], show: null };
// With its encoding: a browser that shows the text in a window of its own would guess another.
const TEXT: Type = { type: "text/plain;charset=utf-8", extensions: [".txt"], show: "text" };
const SHOWN: readonly [RegExp, Type][] = [
  [/^%PDF-/, { type: "application/pdf", extensions: [".pdf"], show: "pdf" }],
  [/^\x89PNG\r\n\x1a\n/, { type: "image/png", extensions: [".png"], show: "image" }],
  [/^\xff\xd8\xff/, { type: "image/jpeg", extensions: [".jpg", ".jpeg", ".jpe", ".jfif"], show: "image" }],
  [/^GIF8[79]a/, { type: "image/gif", extensions: [".gif"], show: "image" }],
  [/^RIFF[^]{4}WEBP/, { type: "image/webp", extensions: [".webp"], show: "image" }],
];
// What a system or a browser would make of a text with such a name is more than showing it.
const NO_TEXT = new RegExp(
  `\\.(?:${[
    "[xsm]?html?|xht|svgz?|xml|xsl|mht(?:ml)?", // pages
    "m?js|jse|vb[se]?|ws[fhc]?|hta|bat|cmd|com|exe|ps1|psm1|reg|inf|lnk|url|scf|sct", // Windows
    "desktop|sh|command|tool|py|pl|rb|php|jar", // and elsewhere
  ].join("|")})$`,
  "i",
);
// Files that people choose by mistake.
const KNOWN: readonly RegExp[] = [
  /^PK(\x03\x04|\x05\x06|\x07\x08)/, // ZIP, DOCX, ODT
  /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, // DOC, XLS, MSG
  /^7z\xbc\xaf\x27\x1c/,
  /^Rar!\x1a\x07/,
  /^\x1f\x8b\x08/, // gzip
  /^(II\*\0|MM\0\*)/, // TIFF
  /^BM[^]{4}\0\0\0\0/, // BMP
  /^[^]{4}ftyp/, // HEIC, MP4
  /^(ID3|OggS|\x1aE\xdf\xa3)/, // sound and film
  /^MZ|^\x7fELF/, // programs
  /^[^]{128}DICM/, // medical images
  /^SQLite format 3\0/,
];
// No text has them: all but tabs, ends of lines and of pages.
const CONTROLS = new Set([...Array(32).keys(), 127]);
for (const code of [9, 10, 12, 13]) CONTROLS.delete(code);
const FIELD =
  /^(From |[a-z][a-z0-9-]*:[^]*\n(From|To|Date|Subject|MIME-Version|Received|Content-Type):)/i;

/** How many first bytes `typeOf` wants. */
export const HEAD_BYTES = TEXT_SHOWN;

/** The type of a document, from its first HEAD_BYTES bytes. What could run is never shown. */
export function typeOf(head: Uint8Array): Type {
  const start = latin1(head.subarray(0, 64));
  const found = SHOWN.find(([mark]) => mark.test(start));
  if (found !== undefined) return found[1];
  // HTML and SVG are text as well: nothing that begins like either is taken for a text.
  const first = head.findIndex((byte) => byte > 32 && ![0xef, 0xbb, 0xbf].includes(byte));
  const runs = first >= 0 && /^(<|\{\\rtf|%!PS)/.test(latin1(head.subarray(first, first + 8)));
  return head.length === 0 || runs || !isText(head, HEAD_BYTES) ? OTHER : TEXT;
}

/**
 * The name with the extension of its kind where it has none, or another kind's: what was looked at
 * here as an image is no page to whoever saves it. A text keeps any name under which it stays one.
 */
export function namedAs(name: string, { extensions, show }: Type): string {
  const [usual] = extensions;
  if (usual === undefined) return name;
  const own = extensions.some((extension) => name.toLowerCase().endsWith(extension));
  const kept = show === "text" && name.includes(".") && !NO_TEXT.test(name);
  return own || kept ? name : lengthened(name, usual);
}

/** How many first bytes `isKnown` and `isMail` want. */
export const LOOK_BYTES = 2048;

/** Whether it is a kind of file that has a name. */
export function isKnown(head: Uint8Array): boolean {
  const start = latin1(head.subarray(0, 256));
  const marks = [...SHOWN.map(([mark]) => mark), ...KNOWN];
  return marks.some((mark) => mark.test(start)) || isText(head, LOOK_BYTES);
}

/** Whether it begins like an e-mail: two fields of a header. */
export function isMail(head: Uint8Array): boolean {
  return FIELD.test(latin1(head));
}

/** Whether it is text in UTF-8; a character may be cut where a look of `most` bytes ends. */
function isText(head: Uint8Array, most: number): boolean {
  if (head.some((byte) => CONTROLS.has(byte))) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: head.length >= most });
    return true;
  } catch {
    return false;
  }
}
