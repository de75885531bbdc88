/** The BIP-39 word lists, folded once to lower-case ASCII; a test checks their digests. */

import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as french } from "@scure/bip39/wordlists/french.js";

import { stopList } from "./stop";
import { fold } from "./text";

export type Language = "fr" | "en";

/** In the order in which they are tried where both read a text as well. */
export const LANGUAGES: readonly Language[] = ["fr", "en"];

/** Letters of the longest word, in both lists. */
export const LONGEST = 8;

/** Letters that are enough to name a word: no two words of a list share their first four. */
export const PREFIX = 4;

interface List {
  readonly words: readonly string[];
  /** The letters of each word, as `lettersOf`. */
  readonly letters: readonly number[];
  readonly index: ReadonlySet<string>;
  readonly prefixes: ReadonlyMap<string, string>;
  /** From a word, or a word without one letter, to the words it comes from. */
  readonly shortened: ReadonlyMap<string, readonly string[]>;
  readonly stopped: ReadonlySet<string>;
}

const SOURCES: Record<Language, readonly string[]> = { fr: french, en: english };
const READY = new Map<Language, List>();

/** Return the words of a language with what finding one quickly takes; made when first asked for. */
export function list(language: Language): List {
  let ready = READY.get(language);
  if (ready === undefined) {
    const words = SOURCES[language].map(fold);
    ready = {
      words,
      letters: words.map(lettersOf),
      index: new Set(words),
      prefixes: new Map(words.map((word) => [word.slice(0, PREFIX), word])),
      shortened: shortenedOf(words),
      stopped: stopList(language),
    };
    READY.set(language, ready);
  }
  return ready;
}

/** Say whether a word is one of a language. */
export function holds(language: Language, word: string): boolean {
  return list(language).index.has(word);
}

/** Return which of the letters a to z a text has, a bit each. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at) - 0x61;
    if (letter >= 0 && letter < 26) letters |= 1 << letter;
  }
  return letters;
}

/** Return the one word that begins with `token`, if four letters or more were typed. */
export function completed(token: string, language: Language): string | null {
  if (token.length < PREFIX) return null;
  const word = list(language).prefixes.get(token.slice(0, PREFIX));
  return word !== undefined && word.startsWith(token) ? word : null;
}

/** Return a token and the token without each of its letters in turn. */
export function shorter(token: string): string[] {
  const forms = [token];
  for (let at = 0; at < token.length; at++) forms.push(token.slice(0, at) + token.slice(at + 1));
  return forms;
}

function shortenedOf(words: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const word of words) {
    for (const form of new Set(shorter(word))) {
      const known = found.get(form);
      if (known === undefined) found.set(form, [word]);
      else known.push(word);
    }
  }
  return found;
}
