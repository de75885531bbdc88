// File names that came from outside, made harmless: the rules of secshare/files/names.py.

import { NAME_BYTES } from "./limits.ts";

const HARMLESS = "document";
const EXTENSION_BYTES = 20;
const DEVICE = /^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\s*\.|\s*$)/i;
const SEALED = /^([^]+?)\.(?:age|asc)(?: ?\(\d+\))?$/i;
const NUMBERED = /^([^]+)(\.[\p{L}\p{N}_]{1,8})( ?\(\d+\))$/u;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/**
 * A file name that is harmless on every system, as close to `name` as possible: no separator,
 * control, bidirectional or invisible character, no leading dot or dash, no device of Windows, at
 * most 255 bytes of UTF-8, its extension kept. Applying it twice changes nothing more.
 */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => /[^ .]/.test(part)) ?? "";
  const shown = last
    .normalize("NFC")
    .replace(/\p{Z}/gu, " ")
    .replace(/\p{C}/gu, "");
  let whole = shown.replace(/[<>:"|?*]/g, "_").normalize("NFC");
  whole = whole.replace(/^[ .]+/, "").replace(/[ .]+$/, "");
  if (/^[-~]/.test(whole)) whole = `_${whole.slice(1)}`;
  if (DEVICE.test(whole)) whole = `_${whole}`;
  return shortened(whole) || HARMLESS;
}

/** `name`, or `name (2)`, `name (3)` …: the first that is not in `taken`, which then has it. */
export function uniqueName(name: string, taken: Set<string>): string {
  let candidate = name;
  // Compared as Windows and macOS do: ß, ſ and the like fold by way of the capitals.
  const folded = (text: string): string => text.toUpperCase().toLowerCase();
  for (let number = 2; taken.has(folded(candidate)); number += 1) candidate = numbered(name, number);
  taken.add(folded(candidate));
  return candidate;
}

/** The document's name: the sealed file's without `.age`, made safe. */
export function clearName(sealed: string): string {
  const found = SEALED.exec(sealed);
  if (found === null) return numbered(safeName(sealed), 2); // renamed: it needs another name
  const twice = NUMBERED.exec(found[1]!); // `report.pdf (1)`, as browsers number downloads
  return safeName(twice === null ? found[1]! : `${twice[1]!}${twice[3]!.trimEnd()}${twice[2]!}`);
}

/** A safe name with an extension added, its stem cut where both are too long. */
export function lengthened(name: string, extension: string): string {
  return cut(name, NAME_BYTES - bytes(extension)) + extension;
}

function numbered(name: string, number: number): string {
  const [stem, extension] = split(name);
  const mark = ` (${number})`;
  return cut(stem, NAME_BYTES - bytes(mark + extension)) + mark + extension;
}

function shortened(name: string): string {
  if (bytes(name) <= NAME_BYTES) return name;
  const [stem, extension] = split(name);
  return cut(stem, NAME_BYTES - bytes(extension)) + extension;
}

function split(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || bytes(name.slice(dot + 1)) > EXTENSION_BYTES) return [name, ""];
  return [name.slice(0, dot), name.slice(dot)];
}

function cut(text: string, size: number): string {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += bytes(character);
    if (used > size) break;
    end += character.length;
  }
  return text.slice(0, end).replace(/[ .]+$/, "");
}
