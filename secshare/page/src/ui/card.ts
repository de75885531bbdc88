/** Step 2 of a file that opens with a key: the card, scanned, photographed, or its text pasted. */

import { keyIn } from "../engine/identity";
import { byId, show } from "./dom";
import { hush, tell } from "./texts";

const field = byId<HTMLTextAreaElement>("card");
let identity: string | null = null;

/** Call back when a card was given, and when Enter is pressed in its field. */
export function onCard(given: () => void, entered: () => void): void {
  field.addEventListener("input", () => {
    setCard(keyIn(field.value));
    if (identity !== null) given();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    entered();
  });
}

/** Return the card's key; null as long as none was given. */
export function card(): string | null {
  return identity;
}

/** Take the key of a card, or forget it. */
export function setCard(found: string | null): void {
  identity = found;
  const state = byId("card-state");
  const text = field.value.trim();
  state.classList.toggle("whole", found !== null);
  if (found !== null) tell(state, "card_read");
  else if (text.length > 20) tell(state, "card_not");
  else hush(state);
}

/** Forget the card, and what was pasted. */
export function forgetCard(): void {
  field.value = "";
  setCard(null);
}

/** Put the keyboard where the card can be given. */
export function goToCard(): void {
  show(byId("card-text"), true);
  field.focus();
}
