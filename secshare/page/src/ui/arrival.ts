/**
 * Words that came with the address, as `…/open.html#words`, from a code that a camera scanned.
 *
 * This module is imported first and imports nothing: the fragment leaves the address bar and the
 * history entry before anything else runs. It never reaches a server, as no browser sends it.
 */

/** Characters of a fragment: words and a card have some hundreds, and no code holds more. */
const MOST = 4096;

/** Return the words in the address, and take them away from there; null without any. */
export function takeArrived(): string | null {
  const fragment = location.hash.slice(1);
  if (fragment === "") return null;
  history.replaceState(null, "", location.href.slice(0, location.href.indexOf("#")));
  if (fragment.length > MOST) return null;
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // a stray `%`: what was typed with it may still be understood
  }
}

/** What the page was opened with. */
export const arrived = takeArrived();
