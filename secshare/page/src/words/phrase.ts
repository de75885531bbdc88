/**
 * Finding the phrase inside a pasted message: a whole SMS, a numbered sheet, a bare list.
 *
 * Several regions of the text can be the phrase. They are taken in the order of how much the writer
 * said about them (numbers, dashes, a colon before them), and the first that reads as ten to twelve
 * words wins. Where none does, as much counts as can be the phrase, so that an unreadable word is
 * reported and not dropped as if it were chatter.
 */

import type { Language } from "./lists";
import { WORDS, WORDS_STRONG } from "./limits";
import { type Readings, readingsOf, split, wordsOf } from "./nearness";
import { isBlank, isDash, linesOf, stripped } from "./text";

/** Stands where a reference was taken out of the text; separates like a new line. */
export const BREAK = "\x1d";

/** One typed word, folded, with what it can stand for in one language. */
export interface Token {
  readonly text: string;
  readonly readings: Readings;
  /** What stands between the token before it and this one. */
  readonly before: string;
  /** No reading was found. */
  readonly unread: boolean;
  /** No letter has to be wrong for it to be read. */
  readonly sure: boolean;
}

export type Region = readonly Token[];

const CHAIN = 6; // words joined by dashes that are too many for a compound name
const TOKEN = /[\p{L}\p{N}]+/gu;
const DIGITS = /^\p{Nd}+$/u;
const NUMBERED = /^[^\p{L}\p{N}]*([0-9]{1,2})(?:[^\p{L}\p{N}]+(.*)|)$/su;
const BOUNDARY = /[:=\x1d"«»“”]/u;

/** Return how much a token speaks for being inside the phrase rather than beside it. */
export function weight(token: Token): number {
  if (token.unread) return -2;
  return token.sure ? 1 : -0.5;
}

/** Say that every token of a region can be read. */
export function isComplete(region: Region): boolean {
  return !region.some((token) => token.unread);
}

/** Return the tokens of a folded text that are the phrase, read in one language. */
export function findPhrase(folded: string, language: Language): Region {
  const everything = tokensOf(folded, language);
  const numbers = numbered(folded, language);
  const [chain, standsApart] = chainOf(everything);
  const marked = [numbers, standsApart ? chain : [], ...pieces(everything), everything];
  const whole = marked.find((region) => isDrawn(region) && isComplete(region));
  if (whole !== undefined) return whole;
  const doubtful = marked.find(
    (region) => isDrawn(region) && region.filter((token) => token.sure).length * 3 >= region.length * 2,
  );
  if (doubtful !== undefined) return doubtful; // with a word that has to be reported
  if (everything.length <= WORDS_STRONG) return everything;
  const inside = [chain, ...windows(everything)].find(
    (region) => isDrawn(region) && isComplete(region),
  );
  if (inside !== undefined) return inside;
  if (numbers.length > 0) return numbers;
  return chain.length > 0 ? chain : everything.slice(...core(everything));
}

/** Say that a region has as many words as are drawn. */
export function isDrawn(region: Region): boolean {
  return region.length >= WORDS && region.length <= WORDS_STRONG;
}

function tokenOf(text: string, readings: Readings, before: string): Token {
  const sure = readings.exact !== null || readings.completed !== null;
  return { text, readings, before, unread: wordsOf(readings).length === 0, sure };
}

function tokensOf(folded: string, language: Language): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of folded.matchAll(TOKEN)) {
    const text = match[0];
    if (DIGITS.test(text)) continue; // the number of a line, or of a telephone
    let before = folded.slice(end, match.index);
    end = match.index + text.length;
    const readings = readingsOf(text, language);
    if (wordsOf(readings).length > 0) {
      found.push(tokenOf(text, readings, before));
      continue;
    }
    for (const word of split(text, language)) {
      found.push(tokenOf(word, readingsOf(word, language), before));
      before = "-"; // a forgotten space does not break a chain
    }
  }
  return found;
}

/** Return the longest list numbered from 1, one entry a line whatever the entry holds. */
function numbered(folded: string, language: Language): Token[] {
  let best: string[] = [];
  let run: string[] = [];
  for (const line of linesOf(folded)) {
    if (line === "" || isBlank(line)) continue;
    const match = NUMBERED.exec(line);
    if (match === null) {
      run = [];
      continue;
    }
    const entry = (match[2] ?? "").match(TOKEN)?.join(" ") ?? "";
    const number = Number(match[1]);
    if (number === run.length + 1) run.push(entry);
    else run = number === 1 ? [entry] : [];
    if (run.length > best.length) best = [...run];
  }
  if (best.length < CHAIN) return [];
  return best.map((entry) => tokenOf(entry, readingsOf(entry, language), "\n"));
}

/**
 * Return the longest run of tokens joined by dashes, and whether it stands apart.
 *
 * It does when what is beside it is beyond a new line or a sign, or is no word at all. Then a dash
 * was not just forgotten, and what is beside it is not a part of it.
 */
function chainOf(tokens: Region): [Region, boolean] {
  let [first, last] = [0, 0];
  let start = 0;
  tokens.forEach((token, at) => {
    const joined = stripped(token.before);
    if (joined === "" || ![...joined].every((c) => isDash(c) || isBlank(c))) start = at;
    if (at + 1 - start > Math.max(last - first, CHAIN - 1)) [first, last] = [start, at + 1];
  });
  const [head, previous, next] = [tokens[first], tokens[first - 1], tokens[last]];
  const before = previous === undefined || previous.unread || (head !== undefined && apart(head));
  const after =
    next === undefined || apart(next) || !tokens.slice(last).some((token) => token.sure);
  return [tokens.slice(first, last), before && after];
}

function apart(token: Token): boolean {
  return token.before.includes("\n") || stripped(token.before) !== "";
}

/** Return what stands between two boundaries: a colon, a quote, the reference. */
function pieces(tokens: Region): Region[] {
  const found: Region[] = [];
  let start = 0;
  tokens.forEach((token, at) => {
    if (at > start && BOUNDARY.test(token.before)) {
      found.push(tokens.slice(start, at));
      start = at;
    }
  });
  return [...found, tokens.slice(start)];
}

/** Return the readable heart of a text, then it with its nearly readable neighbours. */
function windows(tokens: Region): Region[] {
  const [start, end] = core(tokens);
  const wider: Region[] = [];
  for (let count = WORDS; count <= WORDS_STRONG; count++) {
    for (let first = Math.max(0, end - count); first <= start; first++) {
      if (first + count <= tokens.length) wider.push(tokens.slice(first, first + count));
    }
  }
  const doubts = (region: Region) => region.filter((token) => !token.sure).length;
  return [tokens.slice(start, end), ...wider.sort((a, b) => doubts(a) - doubts(b))];
}

/** Return the run of tokens with the greatest total weight (Kadane's algorithm). */
function core(tokens: Region): [number, number] {
  let best = 0;
  let bounds: [number, number] = [0, 0];
  let [total, start] = [0, 0];
  tokens.forEach((token, at) => {
    if (total <= 0) [total, start] = [0, at];
    total += weight(token);
    if (total > best) {
      best = total;
      bounds = [start, at + 1];
    }
  });
  return bounds;
}
