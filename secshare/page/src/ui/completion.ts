/**
 * Completing the word that is being written, from its first four letters.
 *
 * An offer beside the field, never a change in it: four letters are enough as they stand, and what a
 * person types is tried as it was typed. The right arrow at the end of the text takes the offer, as
 * does pressing it; no key that does something else in a field is taken.
 */

import { completed, fold, holds, type Language, LANGUAGES, type Understood } from "../words";
import { button, byId, show } from "./dom";

const LAST = /[\p{L}\p{N}]+$/u;
const TOKENS = /[\p{L}\p{N}\p{M}]+/gu;

/** Offer to complete the last word, where it is being written and begins a word of a list. */
export function suggestions(
  field: HTMLTextAreaElement,
  writing: boolean,
  understood: Understood,
): void {
  const words = writing ? offered(field.value, understood) : [];
  const row = byId("completion");
  show(row, words.length > 0);
  byId("completion-words").replaceChildren(
    ...words.map((word) =>
      offer(word, () => {
        complete(field, word);
        field.focus();
        row.dispatchEvent(new CustomEvent("complete"));
      }),
    ),
  );
}

/** Make a button that offers a word; the field keeps the keyboard while it is pressed. */
export function offer(word: string, press: () => void): HTMLButtonElement {
  const made = button("offer", press);
  made.textContent = word;
  made.addEventListener("pointerdown", (event) => event.preventDefault()); // a telephone's stays open
  return made;
}

/** Complete the last word of a field, with the first offer unless one is named. */
export function complete(field: HTMLTextAreaElement, word?: string): boolean {
  const chosen = word ?? byId("completion-words").firstElementChild?.textContent;
  if (chosen === undefined || chosen === null || byId("completion").hidden) return false;
  field.value = `${field.value.replace(LAST, "")}${chosen} `;
  return true;
}

/** Write another word in the place of one that was typed; say whether it was found. */
export function replace(field: HTMLTextAreaElement, typed: string, word: string): boolean {
  for (const match of field.value.matchAll(TOKENS)) {
    if (fold(match[0].normalize("NFKC")) !== typed) continue;
    const end = match.index + match[0].length;
    field.value = field.value.slice(0, match.index) + word + field.value.slice(end);
    return true;
  }
  return false;
}

function offered(text: string, understood: Understood): string[] {
  const token = fold((LAST.exec(text.normalize("NFC"))?.[0] ?? "").normalize("NFKC"));
  const words = spokenIn(understood).map((language) => completed(token, language));
  const likely = understood.marks.at(-1)?.word;
  const found = new Set(words.filter((word) => word !== null && word !== token));
  const sorted = [...found] as string[];
  return sorted.sort((a, b) => Number(b === likely) - Number(a === likely));
}

/** Return the languages that the words before the last one are of: both, where nothing tells. */
function spokenIn({ marks }: Understood): Language[] {
  const words = marks.slice(0, -1).flatMap(({ word }) => (word === null ? [] : [word]));
  const counts = LANGUAGES.map((one) => words.filter((word) => holds(one, word)).length);
  return LANGUAGES.filter((_, at) => counts[at] === Math.max(...counts));
}
