/** A share's reference, as in `K7Q2-M9PX-8`: eight symbols and one that checks them. */

import { BREAK } from "./phrase";
import { isDash } from "./text";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // no I, L, O, U
const MISREAD: Record<string, string> = { O: "0", I: "1", L: "1", U: "V" };
const LENGTH = 8;
const WRITTEN = /(^|\W)(\w{4})(\W|_)(\w{4})(\W|_)(\w)(?!\w)/gu;

/** Return a reference in its canonical form, or null if a symbol is wrong. */
export function parseReference(typed: string): string | null {
  const symbols = typed.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const numbers = [...symbols].map((symbol) => SYMBOLS.indexOf(MISREAD[symbol] ?? symbol));
  if (numbers.length !== LENGTH + 1 || numbers.includes(-1)) return null;
  if (check(numbers.slice(0, LENGTH)) !== numbers[LENGTH]) return null;
  const plain = numbers.map((number) => SYMBOLS[number]).join("");
  return `${plain.slice(0, 4)}-${plain.slice(4, 8)}-${plain.slice(8)}`;
}

/**
 * Return the first reference in a text, and the text without it.
 *
 * As it is printed: two groups of four and a check character, with dashes. Small letters are taken
 * when there is a digit among them, as words can have four letters too.
 */
export function takeReference(text: string): [string | null, string] {
  const plain = text.replace(/[^\u{10000}-\u{10ffff}]/gu, (c) => (isDash(c) ? "-" : c));
  for (const match of plain.matchAll(WRITTEN)) {
    const found = match[0].slice((match[1] ?? "").length);
    if (match[3] !== "-" || match[5] !== "-") continue;
    if (found !== found.toUpperCase() && !/[0-9]/u.test(found)) continue;
    const reference = parseReference(found);
    if (reference === null) continue;
    const start = match.index + match[0].length - found.length;
    return [reference, text.slice(0, start) + BREAK + text.slice(start + found.length)];
  }
  return [null, text];
}

/** Return sum(body[i] * 2**(i+1)) in GF(32) with the polynomial x^5 + x^2 + 1. */
function check(body: readonly number[]): number {
  return body.reduceRight((total, number) => doubled(total ^ number), 0);
}

function doubled(number: number): number {
  const shifted = number << 1;
  return shifted & 0b100000 ? shifted ^ 0b100101 : shifted;
}
