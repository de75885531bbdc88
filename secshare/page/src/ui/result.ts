/** The documents: shown where the browser can, and always to be saved under their own names. */

import type { Document } from "../engine/protocol";
import { button, byId, goTo, make, show } from "./dom";
import { size } from "./sizes";
import { tell, tellAttribute } from "./texts";
import { canView, view } from "./view";

const section = byId("result");
const addresses: string[] = [];

/**
 * Show documents that the engine said are verified to their last byte.
 *
 * Args:
 *   corrected: the places of the words that were read with one wrong letter.
 */
export function showResult(documents: readonly Document[], corrected: readonly number[]): void {
  const count = documents.length;
  const one = count === 1;
  tell(byId("result-heading"), one ? "done_one" : "done_several", { count });
  tell(byId("result-whole"), one ? "done_whole" : "done_whole_several");
  byId("result-notes").replaceChildren(
    ...corrected.map((position) => {
      const line = make("li");
      tell(line, "done_corrected", { position });
      return line;
    }),
  );
  byId("documents").replaceChildren(...documents.map((found) => listed(found, one)));
  show(section, true);
  addEventListener("beforeunload", askBeforeLeaving);
  goTo(byId("result-heading"));
  section.scrollIntoView({ block: "start" });
}

/** Forget the documents: nothing of them can be reached any more from this page. */
export function forgetResult(): void {
  for (const address of addresses.splice(0)) URL.revokeObjectURL(address);
  byId("documents").replaceChildren();
  byId("result-notes").replaceChildren();
  show(section, false);
  removeEventListener("beforeunload", askBeforeLeaving);
}

/**
 * Have the browser ask, where somebody has just pressed something inside a shown PDF: a link there
 * takes the whole page away, and the document with it. Whoever closes the page is asked nothing, as
 * a press counts for some five seconds only; nor is anybody where the browser tells of no presses.
 */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  const { userActivation } = navigator as { userActivation?: UserActivation };
  if (!(document.activeElement instanceof HTMLIFrameElement) || !userActivation?.isActive) return;
  event.preventDefault();
  event.returnValue = "1"; // what the browsers before 2023 wait for
}

function listed(found: Document, alone: boolean): HTMLElement {
  const { name, blob } = found;
  const address = URL.createObjectURL(blob);
  addresses.push(address);
  const weight = make("span", "size");
  tell(weight, "as_is", { text: () => size(blob.size) });
  const title = make("p", "name", make("strong", "", name), " ", weight);
  const actions = make("p", "actions");
  const item = make("li", "document", title, actions);
  if (!canView(found)) {
    const kind = found.show === null ? "save_kind" : "save_hint";
    item.append(hinted(found.caution === "large" ? "save_large" : kind));
  } else {
    if (found.caution === "program") item.append(hinted("show_program"));
    if (alone && found.caution === null) item.append(view(found, address));
    else actions.append(toggle(name, item, () => view(found, address)));
    actions.append(larger(address, name));
  }
  actions.prepend(saver(address, name, "button main"));
  return item;
}

function hinted(key: string): HTMLElement {
  const hint = make("p", "hint");
  tell(hint, key);
  return hint;
}

/** Return a link that saves something under its name. */
export function saver(address: string, name: string, className: string): HTMLAnchorElement {
  const link = make("a", className);
  link.href = address;
  link.download = name;
  tell(link, "save");
  tellAttribute(link, "aria-label", "save_named", { name });
  return link;
}

function larger(address: string, name: string): HTMLAnchorElement {
  const link = make("a", "button");
  link.href = address;
  link.target = "_blank";
  tell(link, "window");
  tellAttribute(link, "aria-label", "window_named", { name });
  return link;
}

/**
 * A button that shows a document and takes it away. It is only read when it is shown: a PDF takes a
 * process of its own, an image as much memory as it has pixels.
 */
function toggle(name: string, item: HTMLElement, read: () => HTMLElement): HTMLButtonElement {
  let viewed: HTMLElement | null = null;
  const made = button("button", () => {
    if (viewed === null) {
      item.append((viewed = read()));
    } else {
      viewed.remove();
      viewed = null;
    }
    label();
  });
  const label = () => {
    made.setAttribute("aria-expanded", String(viewed !== null));
    tell(made, viewed === null ? "show" : "hide");
    tellAttribute(made, "aria-label", viewed === null ? "show_named" : "hide_named", { name });
  };
  label();
  return made;
}
