/**
 * A document inside the page: PDF, image or text.
 *
 * Images and texts are only shown. A PDF goes to the browser's own reader, which runs the programs
 * in it, outside this page: they can ask questions in windows of their own, or begin a mail. The page
 * shows a PDF in which one was found when somebody asks for it.
 */

import type { Document } from "../engine/protocol";
import { TEXT_SHOWN } from "../engine/limits";
import { make } from "./dom";
import { tell, tellAttribute } from "./texts";

/** Say whether this browser can show a document here, and not only save it. */
export function canView({ show }: Document): boolean {
  return show !== null && (show !== "pdf" || navigator.pdfViewerEnabled);
}

/** Return an element that shows a document of which `canView` said yes; it begins to be read now. */
export function view({ name, blob, show }: Document, address: string): HTMLElement {
  if (show === "image") {
    const image = make("img");
    image.src = address;
    tellAttribute(image, "alt", "image_of", { name });
    return make("div", "view", image);
  }
  if (show === "text") return textOf(name, blob);
  const frame = make("iframe");
  frame.src = `${address}#navpanes=0&view=FitH`; // the page as wide as it goes, no thumbnails
  frame.title = name;
  return make("div", "view", frame);
}

function textOf(name: string, blob: Blob): HTMLElement {
  const text = make("pre");
  text.tabIndex = 0; // so that the arrows can scroll it
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", name);
  const box = make("div", "view", text);
  void blob
    .slice(0, TEXT_SHOWN)
    .arrayBuffer()
    .then((bytes) => {
      text.textContent = new TextDecoder().decode(bytes); // the engine calls text what is UTF-8
      if (blob.size <= TEXT_SHOWN) return;
      const cut = make("p", "hint");
      tell(cut, "text_cut");
      box.append(cut);
    });
  return box;
}
