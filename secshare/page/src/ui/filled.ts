/** What Python put into the page: the practice's public facts, and perhaps a sealed file. */

import type { Language } from "../words";
import { byId } from "./dom";

/** What the page says of the practice. */
export interface Practice {
  /** The whole name: the short one, of the mail, may be nobody's to whoever reads it. */
  readonly name: string;
  readonly phone: string;
  readonly language: Language;
  readonly recipient: string;
}

/** A file as it was chosen, or found in the page. */
export interface Named {
  readonly blob: Blob;
  readonly name: string;
}

/** Return a file's name as it may be shown: nothing in it is unseen, or turns what follows round. */
export function shownName({ name }: Named): string {
  return name.replace(/\p{C}/gu, "");
}

const GROUPS = 1 << 19; // characters of base64 at a time: a few milliseconds, so nothing freezes

/** Return the practice, or null for a page that is nobody's. */
export function practice(): Practice | null {
  const found: unknown = JSON.parse(byId("practice").textContent ?? "null");
  if (typeof found !== "object" || found === null) return null;
  const field = (name: string): string => {
    const value = (found as Record<string, unknown>)[name];
    return typeof value === "string" ? value : "";
  };
  const name = field("name") || field("publicName");
  const language = field("language") === "fr" ? "fr" : "en";
  return { name, phone: field("phone"), language, recipient: field("recipient") };
}

/** Say whether a sealed file is in the page. */
export function holdsFile(): boolean {
  return (byId("sealed").textContent ?? "").trim() !== "";
}

/** Return the sealed file that is in the page. */
export async function heldFile(): Promise<Named> {
  const element = byId("sealed");
  const text = (element.textContent ?? "").trim();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < text.length; at += GROUPS) {
    const bytes = atob(text.slice(at, at + GROUPS));
    const part = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) part[i] = bytes.charCodeAt(i);
    parts.push(part);
    await new Promise((resume) => setTimeout(resume, 0));
  }
  return { blob: new Blob(parts), name: element.dataset["name"] || "document.age" };
}
