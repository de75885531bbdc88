/** Small things that every part of the page does with elements. Nothing here reads HTML from text. */

/** Return the element of the page that has an id; it is there, or the page was built wrong. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found as E;
}

/** Make an element with a class and what it holds. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Show an element, or take it away from sight and from screen readers. */
export function show(element: HTMLElement, shown: boolean): void {
  element.hidden = !shown;
}

/** Move the keyboard to an element that is not a control, and show its beginning. */
export function goTo(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

/** Make a button that does something when it is pressed. */
export function button(className: string, press: () => void): HTMLButtonElement {
  const made = make("button", className);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
