/** The numbers of `secshare/profiles` that reading words takes; a test compares them. */

/** Words that are drawn: ten, or up to twelve by a practice's setting. */
export const WORDS = 10;
export const WORDS_STRONG = 12;

/** Readings of a mistyped phrase that are tried at most. */
export const CANDIDATES = 32;

/** The longest text in which words are looked for. */
export const TYPED_CHARACTERS = 20_000;

/** How many near words are proposed. */
export const NEAREST = 5;
