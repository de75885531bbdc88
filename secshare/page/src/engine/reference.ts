// The reference of a share in a file's name, as in `document-K7Q2-M9PX-8.pdf.age`.

import { parseReference } from "../words/reference.ts";

// Alone in the name. No look-behind: the Safari of an older telephone would not start the engine.
const IN_NAME = /(?:^|[^A-Za-z0-9])([0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z])(?![A-Za-z0-9])/g;

/** The first reference in a file's name, in its written form; null without one. */
export function referenceIn(name: string): string | null {
  for (const [, found] of name.matchAll(IN_NAME)) {
    const reference = parseReference(found!);
    if (reference !== null) return reference;
  }
  return null;
}
