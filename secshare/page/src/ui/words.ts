/** Step 2: the words, typed or pasted into one field, and what is understood of them. */

import { understand, type Understood, WORDS, WORDS_STRONG } from "../words";
import { byId, show } from "./dom";
import { complete, suggestions } from "./completion";
import { showMarks } from "./marks";
import { move, moveAfter } from "./press";
import { hush, tell } from "./texts";

const field = byId<HTMLTextAreaElement>("words");
const count = byId("words-count");
const LEAST_ROWS = 3;
const MOST_ROWS = 8;
const SPOKEN_AFTER = 700; // milliseconds: a screen reader is not interrupted at every letter

let understood = understand("");
let pasting = false;
let speaking = 0;

/** What a change of the words was: letter after letter, or all at once. */
export type Change = "typed" | "whole";

/** Call back when the words change, and when Enter is pressed in the field. */
export function onWords(changed: (how: Change) => void, entered: () => void): void {
  field.addEventListener("paste", () => (pasting = true));
  field.addEventListener("input", () => {
    const how: Change = pasting ? "whole" : "typed";
    pasting = false;
    read();
    changed(how);
  });
  field.addEventListener("blur", (event) => {
    // An offer that the keyboard goes to must still be there when it arrives.
    const to = event.relatedTarget;
    if (!(to instanceof Element && to.classList.contains("offer"))) moveAfter(display);
  });
  field.addEventListener("focus", () => moveAfter(display));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      entered();
    } else if (event.key === "ArrowRight" && atEnd() && complete(field)) {
      event.preventDefault();
      edited();
    }
  });
  const edited = () => {
    read();
    changed("typed");
  };
  byId("completion").addEventListener("complete", edited);
  byId("words-notes").addEventListener("complete", edited);
}

/** Return what was typed, as it stands. */
export function typed(): string {
  return field.value;
}

/** Return how what was typed is understood. */
export function reading(): Understood {
  return understood;
}

/** Say whether the words can be a whole phrase: as many as are drawn, each of them understood. */
export function isWhole(): boolean {
  const { words, unread } = understood;
  return unread.length === 0 && words >= WORDS && words <= WORDS_STRONG;
}

/** Say whether they are as many as practices draw: with eleven, one is missing or too many. */
function isUsual(): boolean {
  return isWhole() && (understood.words === WORDS || understood.words === WORDS_STRONG);
}

/** Put words into the field, as from a code. */
export function setWords(text: string): void {
  field.value = text;
  read();
}

/** Put the keyboard into the field. */
export function goToWords(): void {
  field.focus();
}

/** Read the field again, and show what is understood; it takes a few milliseconds. */
function read(): void {
  understood = understand(field.value);
  move(display);
}

/** Show what is understood: nothing is said against the word that is being written. */
function display(): void {
  const text = field.value;
  const writing = document.activeElement === field && atEnd() && /[\p{L}\p{N}]$/u.test(text);
  suggestions(field, writing, understood);
  showMarks(field, understood, writing);
  show(byId("scan-offer"), text.trim() === "" || Boolean(byId("words-part").hidden));
  fit();
  window.clearTimeout(speaking);
  if (text.trim() === "") hush(byId("words-spoken"));
  else speaking = window.setTimeout(() => tellCount(byId("words-spoken")), SPOKEN_AFTER);
  tellCount(count);
  count.classList.toggle("whole", isUsual());
}

function tellCount(element: HTMLElement): void {
  const { words, unread } = understood;
  const all = words + unread.length;
  const most = all > WORDS ? Math.min(all, WORDS_STRONG) : WORDS;
  if (all === 0) tell(element, "words_none");
  else if (all > WORDS_STRONG) tell(element, "words_more", { count: all });
  else if (isUsual()) tell(element, "words_all", { count: words });
  else if (isWhole()) tell(element, "words_odd", { count: words });
  else tell(element, words === 1 ? "words_count_one" : "words_count", { count: words, most });
}

function atEnd(): boolean {
  return field.selectionStart === field.value.length && field.selectionEnd === field.value.length;
}

/** Make the field as high as what is in it, within reason. */
function fit(): void {
  field.rows = LEAST_ROWS;
  while (field.rows < MOST_ROWS && field.scrollHeight > field.clientHeight) field.rows++;
}
