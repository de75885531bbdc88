/** A document inside the page: PDF, image or text. Its content is shown, and never run. */

import type { Document } from "../engine/protocol";
import { TEXT_SHOWN } from "../engine/limits";
import { make } from "./dom";
import { tell, tellAttribute } from "./texts";

/** Return an element that shows a document; null where this browser can only save it. */
export function view({ name, blob, show }: Document, address: string): HTMLElement | null {
  if (show === "image") {
    const image = make("img");
    image.src = address;
    tellAttribute(image, "alt", "image_of", { name });
    return make("div", "view", image);
  }
  if (show === "text") return textOf(name, blob);
  if (show === "pdf" && navigator.pdfViewerEnabled) {
    const frame = make("iframe");
    frame.src = `${address}#navpanes=0&view=FitH`; // the page as wide as it goes, no thumbnails
    frame.title = name;
    return make("div", "view", frame);
  }
  return null;
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
