/** What went wrong: one sentence, and what to do; spoken at once by a screen reader. */

import { make } from "./dom";
import { type Fields, tell } from "./texts";

/**
 * Show an error at the end of a place of the page, instead of the one before it.
 *
 * Returns the element, for the keyboard to go there where no field needs correcting.
 */
export function trouble(place: HTMLElement, key: string, fields: Fields = {}): HTMLElement {
  settled();
  const what = make("p", "what");
  const todo = make("p");
  const box = make("div", "trouble", what, todo);
  box.setAttribute("role", "alert");
  place.append(box);
  tell(what, `${key}.what`, fields);
  tell(todo, `${key}.do`, fields);
  box.scrollIntoView({ block: "nearest" });
  return box;
}

/** Take every error away. */
export function settled(): void {
  for (const box of document.querySelectorAll(".trouble")) box.remove();
}
