// Limits that this engine shares with the Python one: tests/page compares them with
// secshare/profiles, where each has its reason.

export const WORK_FACTOR_READ = 20;
export const HEADER_BYTES = 1 << 20;
export const HEADER_STANZAS = 1_000;
export const NAME_BYTES = 255;
export const ARCHIVE_DOCUMENTS = 1_000;
export const ARCHIVE_BYTES = 4 * 2 ** 30;
export const PHOTO_BYTES = 20_000_000;
/** Of a photo of a code, and here of any picture that is shown: 4 bytes each. */
export const PHOTO_PIXELS = 50_000_000;

// Limits of the page alone.

/** How much of a text the page shows, in bytes: some 500 sheets. All of it can be saved. */
export const TEXT_SHOWN = 1 << 20;

/** How much of a PDF is searched for programs, from its beginning and from its end, in bytes. */
export const PDF_SEARCHED = 16 << 20;
