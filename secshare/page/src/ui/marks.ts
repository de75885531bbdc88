/** A mark on each word: understood, one letter to check, not understood. Never by colour alone. */

import { type Mark, type Understood, WORDS_STRONG } from "../words";
import { offer, replace } from "./completion";
import { byId, make, show } from "./dom";
import { say, tell } from "./texts";

const NOTES = 4; // more would be a wall of text: the first ones are put right first
const OFFERED = 3;
const SIGNS = { understood: "✓", doubtful: "≈", unread: "?", typing: "…" } as const;

type Sign = keyof typeof SIGNS;

/**
 * Show how each word is read.
 *
 * Args:
 *   writing: whether the last word is still being written: then nothing is said against it.
 */
export function showMarks(
  field: HTMLTextAreaElement,
  understood: Understood,
  writing: boolean,
): void {
  const last = writing ? understood.marks.length - 1 : -1;
  // Beyond a phrase it is another text; what can be its words cannot be told apart.
  const marks = understood.marks.length <= 2 * WORDS_STRONG ? understood.marks : [];
  byId("marks").replaceChildren(...marks.map((mark, at) => marked(mark, at === last)));
  show(byId("marks"), marks.length > 0);
  const notes = marks.flatMap((mark, at) =>
    at === last || mark.kind === "exact" || mark.kind === "completed"
      ? []
      : [note(field, understood, mark, at + 1)],
  );
  byId("words-notes").replaceChildren(...notes.slice(0, NOTES));
}

function signOf(mark: Mark, writing: boolean): Sign {
  if (mark.kind === "exact" || mark.kind === "completed") return "understood";
  if (writing) return "typing";
  return mark.kind === "corrected" ? "doubtful" : "unread";
}

function marked(mark: Mark, writing: boolean): HTMLElement {
  const sign = signOf(mark, writing);
  const icon = make("span", "sign", SIGNS[sign]);
  icon.setAttribute("aria-hidden", "true");
  const word = sign === "typing" ? mark.typed : (mark.word ?? mark.typed);
  const spoken = make("span", "unseen");
  tell(spoken, "mark_spoken", { state: () => say(`mark_${sign}`) });
  return make("li", sign, icon, make("span", "word", word === "" ? "—" : word), spoken);
}

function note(
  field: HTMLTextAreaElement,
  understood: Understood,
  mark: Mark,
  position: number,
): HTMLElement {
  const text = make("span");
  const item = make("li", "", text);
  const { typed } = mark;
  if (mark.kind === "corrected") {
    tell(text, "word_read_as", { position, typed, word: mark.word ?? "" });
  } else if (typed === "") {
    tell(text, "word_empty", { position });
  } else {
    tell(text, "word_unread", { position, typed });
  }
  const near = nearOf(understood, mark, position);
  if (typed === "" || near.length === 0) {
    const check = make("span");
    tell(check, "word_check");
    if (mark.kind === "unread" && typed !== "") item.append(" ", check);
    return item;
  }
  const asked = make("span");
  tell(asked, "word_nearest");
  item.append(" ", asked, " ", ...near.map((word) => correction(field, typed, word)));
  return item;
}

/** What to propose: the words that look like it; for a doubtful word, those it can also be. */
function nearOf(understood: Understood, mark: Mark, position: number): string[] {
  if (mark.kind === "unread") {
    const unread = understood.unread.find((one) => one.position === position);
    return [...(unread?.nearest ?? [])].slice(0, OFFERED);
  }
  const words = understood.corrected.filter((one) => one.position === position);
  return words.length > 1 ? words.map((one) => one.word).slice(0, OFFERED) : [];
}

function correction(field: HTMLTextAreaElement, typed: string, word: string): HTMLElement {
  return offer(word, () => {
    if (!replace(field, typed, word)) return;
    field.focus();
    byId("words-notes").dispatchEvent(new CustomEvent("complete"));
  });
}
