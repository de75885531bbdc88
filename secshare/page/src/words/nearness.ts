/** Which words of a list a typed token can stand for, and which only look like it. */

import { completed, type Language, lettersOf, list, LONGEST, shorter } from "./lists";
import { NEAREST, WORDS_STRONG } from "./limits";
import { remembered } from "./memory";

/** How one token can be read: it is exactly a word, or begins one, or is one letter away from some. */
export interface Readings {
  readonly exact: string | null;
  readonly completed: string | null;
  readonly corrected: readonly string[];
}

const NONE: Readings = { exact: null, completed: null, corrected: [] };
const SHORT = 4;
const RUN = LONGEST * WORDS_STRONG; // a whole phrase without a space

/** Return every reading, the surest first. */
export function wordsOf(readings: Readings): string[] {
  const sure = [readings.exact, readings.completed].filter((word) => word !== null);
  return [...sure, ...readings.corrected];
}

/**
 * Return how a folded token can be read.
 *
 * A token that is exactly a word stands for nothing else. One wrong letter is one replaced, missing
 * or added, or two neighbours exchanged. The beginning of a word counts only as it stands.
 */
export function readingsOf(token: string, language: Language): Readings {
  return remembered(`read ${language}`, token, () => read(token, language));
}

function read(token: string, language: Language): Readings {
  const { index, shortened, stopped } = list(language);
  if (index.has(token)) return { ...NONE, exact: token };
  if (token.length > LONGEST + 1) return NONE;
  const whole = completed(token, language);
  const near = new Set<string>();
  for (const form of shorter(token)) {
    for (const word of shortened.get(form) ?? []) {
      if (word !== whole && distance(token, word, 1) <= 1) near.add(word);
    }
  }
  // Words of the stop list are never drawn by us, so they are tried last.
  const likely = [...near].sort(
    (a, b) => Number(stopped.has(a)) - Number(stopped.has(b)) || order(a, b),
  );
  return { exact: null, completed: whole, corrected: likely };
}

/**
 * Return the words of a token in which spaces were forgotten, or the token alone.
 *
 * Only where the letters are exactly words of the list, in one way.
 */
export function split(token: string, language: Language): string[] {
  if (token.length > RUN) return [token];
  const { index } = list(language);
  const ways: string[][][] = [[[]]];
  for (let end = 1; end <= token.length; end++) {
    const here: string[][] = [];
    for (let start = Math.max(0, end - LONGEST); start < end; start++) {
      const before = ways[start] ?? [];
      const word = token.slice(start, end);
      if (before.length > 0 && index.has(word)) here.push(...before.map((way) => [...way, word]));
    }
    ways.push(here.slice(0, 2)); // two are enough to know that it is not one
  }
  const last = ways[token.length] ?? [];
  return last.length === 1 && last[0] !== undefined ? last[0] : [token];
}

/**
 * Return the words that look most like an unreadable token, at most `NEAREST`.
 *
 * Two wrong letters at most, counted against the whole word or against as much of it as was typed;
 * one in a token of four letters or fewer.
 */
export function nearest(token: string, language: Language): string[] {
  if (token.length > LONGEST + 2) return [];
  return remembered(`near ${language}`, token, () => ranked(token, language));
}

function ranked(token: string, language: Language): string[] {
  const letters = lettersOf(token);
  const limit = token.length <= SHORT ? 1 : 2;
  const { words, letters: theirs } = list(language);
  const found: [number, string][] = [];
  for (const [at, word] of words.entries()) {
    if (count(letters & ~theirs[at]!) > limit) continue; // each of these letters takes an edit
    const away = Math.min(
      distance(token, word, limit),
      word.length > token.length ? distance(token, word.slice(0, token.length), limit) : Infinity,
    );
    if (away <= limit) found.push([away, word]);
  }
  found.sort((a, b) => a[0] - b[0] || order(a[1], b[1]));
  return found.slice(0, NEAREST).map(([, word]) => word);
}

/** Return how many bits of a number are set. */
function count(bits: number): number {
  let left = bits;
  let set = 0;
  for (; left !== 0; set++) left &= left - 1;
  return set;
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * Return the edits between two words, an exchange of neighbours counted as one (OSA).
 *
 * Above `limit` it may return any number above `limit`: most words are given up after three letters.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, at) => at);
  let least = 0;
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    let here = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(old[j]! + 1, now[j - 1]! + 1, old[j - 1]! + Number(!same));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, older[j - 2]! + 1);
      }
      now.push(cost);
      here = Math.min(here, cost);
    }
    if (here > limit && least > limit) return Infinity; // an exchange reaches back two rows
    least = here;
    older = old;
    old = now;
  }
  return old[b.length]!;
}
