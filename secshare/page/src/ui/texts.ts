/**
 * The page's texts, in the language that is chosen, and chosen again at any time.
 *
 * Whatever is told to an element is told again in the other language when that changes: nothing that
 * was typed or opened is touched. Texts only ever become `textContent` or an attribute.
 */

import texts from "texts";

import type { Language } from "../words";

/** What a text is filled with. A function is asked again in each language. */
export type Fields = Readonly<Record<string, string | number | (() => string)>>;

interface Telling {
  readonly key: string;
  readonly fields: Fields;
  readonly attribute: string | null;
}

const told = new Map<Element, Telling[]>();
const listeners: (() => void)[] = [];
let language: Language = "en";

/** Return the language that is spoken now. */
export function spoken(): Language {
  return language;
}

/** Return a text; `name.what` and `name.do` are the two sentences of an error. */
export function say(key: string, fields: Fields = {}): string {
  const [name, part] = key.split(".");
  const entry = texts[name ?? ""]?.[language];
  const text = typeof entry === "object" ? entry[part === "do" ? "do" : "what"] : entry;
  if (text === undefined) throw new Error(`no text ${key}`);
  const filled = text.replace(/\{(\w+)\}/gu, (_, field: string) => shown(fields[field]));
  return language === "fr" ? unbroken(filled) : filled;
}

/** Make an element say a text, now and in the other language. */
export function tell(element: Element, key: string, fields: Fields = {}): void {
  keep(element, { key, fields, attribute: null });
}

/** Make an attribute of an element say a text, now and in the other language. */
export function tellAttribute(
  element: Element,
  attribute: string,
  key: string,
  fields: Fields = {},
): void {
  keep(element, { key, fields, attribute });
}

/** Make an element say nothing. */
export function hush(element: Element): void {
  told.delete(element);
  element.textContent = "";
}

/** Call back whenever the language changes. */
export function onLanguage(listener: () => void): void {
  listeners.push(listener);
}

/** Speak a language from now on. */
export function speak(chosen: Language): void {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.getAttribute("data-say") ?? "");
  }
  for (const [element, tellings] of told) {
    if (!element.isConnected) told.delete(element);
    else for (const telling of tellings) apply(element, telling);
  }
  for (const listener of listeners) listener();
}

/** Return the language to begin with: the reader's own, else the practice's. */
export function firstLanguage(wanted: readonly string[], practice: Language | null): Language {
  for (const tag of wanted) {
    const found = tag.slice(0, 2).toLowerCase();
    if (found === "fr" || found === "en") return found;
  }
  return practice ?? "en";
}

function keep(element: Element, telling: Telling): void {
  const others = (told.get(element) ?? []).filter((one) => one.attribute !== telling.attribute);
  told.set(element, [...others, telling]);
  apply(element, telling);
}

function apply(element: Element, { key, fields, attribute }: Telling): void {
  const text = say(key, fields);
  if (attribute !== null) element.setAttribute(attribute, text);
  else if (element.textContent !== text) element.textContent = text; // a live region speaks once
}

function shown(field: Fields[string] | undefined): string {
  if (typeof field === "function") return field();
  return typeof field === "number" ? field.toLocaleString(language) : (field ?? "");
}

/** French signs are never alone at the beginning of a line. */
function unbroken(text: string): string {
  return text.replace(/ (?=[:;?!»])/gu, "\u00a0").replace(/« /gu, "«\u00a0");
}
