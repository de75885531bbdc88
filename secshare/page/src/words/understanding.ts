/**
 * Understanding what people type or paste when they are asked for their words.
 *
 * The same rules as `secshare/passphrase/understanding.py`, and a test that compares the two: the
 * caller tries the candidates against the file and says what was corrected. Nothing here decides
 * between two readings, and the text as it stands is always tried first.
 */

import { type Language, LANGUAGES } from "./lists";
import { CANDIDATES, TYPED_CHARACTERS, WORDS_STRONG } from "./limits";
import { beginText } from "./memory";
import { nearest, wordsOf } from "./nearness";
import { BREAK, findPhrase, isComplete, isDrawn, type Region, weight } from "./phrase";
import { takeReference } from "./reference";
import { fold, stripped } from "./text";

/** A word read otherwise than it was typed: with one wrong letter, or cut short. */
export interface Corrected {
  readonly position: number;
  readonly word: string;
}

/** A word that could not be read, by its place from 1, and the words that look like it. */
export interface Unread {
  readonly position: number;
  readonly nearest: readonly string[];
}

/** One word of the phrase as the page shows it; `typed` is folded. */
export interface Mark {
  readonly typed: string;
  readonly word: string | null;
  readonly kind: "exact" | "completed" | "corrected" | "unread";
}

/** How a typed or pasted text can be read. */
export interface Understood {
  /** What to try, in order, the text as it was typed first. */
  readonly candidates: readonly string[];
  readonly reference: string | null;
  readonly corrected: readonly Corrected[];
  readonly completed: readonly Corrected[];
  readonly unread: readonly Unread[];
  /** How many words were read. */
  readonly words: number;
  /** The words in their order, in the language that reads most of them. */
  readonly marks: readonly Mark[];
}

/** What stands in an address is not typed: the words come after its `#`, or beside it. */
const ADDRESS = /https?:\/\/[^\s#]*/giu;

/** Read a phrase as people type or paste it, in any of the languages words are drawn in. */
export function understand(text: string): Understood {
  beginText();
  const candidates = new Set(literal(text));
  if ([...text].length > TYPED_CHARACTERS) return nothing([...candidates]);
  const [reference, rest] = takeReference(text.normalize("NFKC"));
  const folded = fold(rest.replace(ADDRESS, BREAK));
  const phrases = LANGUAGES.map((language) => ({ language, region: findPhrase(folded, language) }));
  phrases.sort((a, b) => score(b.region) - score(a.region));
  const best = phrases[0]!;
  const read = phrases
    .map(({ region }) => region)
    .filter((region) => isWhole(region) && region.length === best.region.length);
  for (const region of read) {
    for (const candidate of spelled(region)) {
      if (candidates.size >= CANDIDATES) break;
      candidates.add(candidate);
    }
  }
  const told = read.length > 0 ? read : [best.region];
  return {
    candidates: [...candidates].slice(0, CANDIDATES),
    reference,
    corrected: listed(told, (token) => token.readings.corrected),
    completed: listed(told, ({ readings }) => (readings.completed ? [readings.completed] : [])),
    unread: unreadOf(best.region, best.language),
    words: best.region.filter((token) => !token.unread).length,
    marks: best.region.map(markOf),
  };
}

/** Return what was corrected to make `candidate`, to be said once it opened the file. */
export function correctedIn(understood: Understood, candidate: string): Corrected[] {
  const words = candidate.split("-");
  return understood.corrected.filter(({ position, word }) => words[position - 1] === word);
}

function nothing(candidates: readonly string[]): Understood {
  const none = { corrected: [], completed: [], unread: [], marks: [] };
  return { candidates, reference: null, words: 0, ...none };
}

/** Return the text as it stands, without its line end, then its plainest variants. */
function literal(text: string): string[] {
  const line = text.replace(/^[\r\n\ufeff]+|[\r\n\ufeff]+$/gu, "");
  const bare = stripped(line);
  const forms = [line, bare, bare.normalize("NFC"), bare.normalize("NFD")];
  return forms.filter((form) => stripped(form) !== "" && !/\p{Cs}/u.test(form));
}

function isWhole(region: Region): boolean {
  return region.length > 0 && isComplete(region);
}

/** Return a number that puts a phrase that can have been drawn before any that cannot. */
function score(region: Region): number {
  const total = region.reduce((sum, token) => sum + weight(token), 0);
  return isDrawn(region) && isComplete(region) ? total + 4 * TYPED_CHARACTERS : total;
}

/** Give the canonical forms of a phrase, those with the fewest corrections first. */
function* spelled(region: Region): Generator<string> {
  const choices = region.map((token) => wordsOf(token.readings));
  const surest = choices.map((words) => words[0]!);
  yield surest.join("-");
  for (const [at, words] of choices.entries()) {
    for (const word of words.slice(1)) yield surest.map((w, i) => (i === at ? word : w)).join("-");
  }
  // The product of all readings, the last words varied first, as far as it is worth going.
  const turns = choices.map(() => 0);
  for (let count = 0; count < CANDIDATES * CANDIDATES; count++) {
    yield choices.map((words, at) => words[turns[at]!]!).join("-");
    let at = choices.length - 1;
    while (at >= 0 && ++turns[at]! === choices[at]!.length) turns[at--] = 0;
    if (at < 0) return;
  }
}

function unreadOf(region: Region, language: Language): Unread[] {
  const places = region.flatMap((token, at) => (token.unread ? [{ at, token }] : []));
  const proposes = places.length <= WORDS_STRONG; // beyond, it is not a phrase at all
  return places.map(({ at, token }) => ({
    position: at + 1,
    nearest: proposes ? nearest(token.text, language) : [],
  }));
}

function listed(
  regions: readonly Region[],
  words: (token: Region[number]) => readonly string[],
): Corrected[] {
  const found = new Map<string, Corrected>();
  for (const region of regions) {
    region.forEach((token, at) => {
      for (const word of words(token)) {
        found.set(`${at + 1} ${word}`, { position: at + 1, word });
      }
    });
  }
  return [...found.values()];
}

function markOf(token: Region[number]): Mark {
  const { exact, completed, corrected } = token.readings;
  const typed = token.text;
  if (exact !== null) return { typed, word: exact, kind: "exact" };
  if (completed !== null) return { typed, word: completed, kind: "completed" };
  const word = corrected[0] ?? null;
  return { typed, word, kind: word === null ? "unread" : "corrected" };
}
