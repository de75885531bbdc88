/**
 * What was found out about a word at the keystroke before, so that each one costs one word.
 *
 * Only the words of the text that was read last are remembered: once the field is emptied, nothing
 * of what stood in it is left here.
 */

let before = new Map<string, unknown>();
let now = new Map<string, unknown>();

/** Begin a new text: what it has in common with the one before is kept. */
export function beginText(): void {
  before = now;
  now = new Map();
}

/** Return what `make` makes, without making it again for this text or after the one before. */
export function remembered<T>(about: string, token: string, make: () => T): T {
  const key = `${about} ${token}`;
  if (now.has(key)) return now.get(key) as T;
  const made = before.has(key) ? (before.get(key) as T) : make();
  now.set(key, made);
  return made;
}
