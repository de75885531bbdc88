// What the page and its engine say to each other. The engine is a Worker; a message is one of these
// plain objects, and an answer carries the `id` of what was asked.

/** What to do. */
export type Request =
  | {
      readonly id: number;
      readonly kind: "inspect";
      readonly file: Blob;
      /** The file's name, which may hold a reference. Never trusted for anything else. */
      readonly name: string;
    }
  | {
      readonly id: number;
      readonly kind: "open";
      readonly file: Blob;
      readonly name: string;
      /** Readings of what was typed, best first, the literal text among them; 32 at most. */
      readonly words: readonly string[];
    }
  | {
      readonly id: number;
      readonly kind: "open";
      readonly file: Blob;
      readonly name: string;
      /** A key as it was typed or scanned: blanks, line breaks and case do not matter. */
      readonly identity: string;
    }
  | {
      readonly id: number;
      readonly kind: "seal";
      readonly documents: readonly { readonly name: string; readonly blob: Blob }[];
      /** The practice's hybrid recipient, `age1pq1…`. */
      readonly recipient: string;
      /** The reference of the share that is answered, as `K7Q2-M9PX-8`. */
      readonly answers: string | null;
    }
  /** Ends the engine, whatever it is doing: start another one. */
  | { readonly id: number; readonly kind: "cancel" };

/** Why not. The page has a sentence for each. */
export type Reason =
  /** Nothing that is known; empty. */
  | "not_age"
  /** Another kind of file, which is known: a PDF, a mail, a page, an image, a ZIP. */
  | "not_ours"
  | "words_wrong"
  | "identity_wrong"
  /** A key was given, and the file opens with words. */
  | "needs_words"
  /** Words were given, and the file opens with a key. */
  | "needs_card"
  /** Altered, or cut where it cannot be told from altered. */
  | "damaged"
  /** Surely incomplete. */
  | "cut"
  | "too_large"
  /** The header asks for more work than anybody's file needs. */
  | "too_much_work"
  /** Opened, and the archive inside does not hold together. */
  | "bad_archive"
  | "memory"
  /** The browser could not read the file it was given. */
  | "unreadable"
  /** A mistake of ours. */
  | "fault";

/** How a document can be looked at in the page, by its content; null: only saved. */
export type Show = "pdf" | "image" | "text" | null;

/**
 * Why it is not shown at once: a PDF in which a program was found, which may all the same be shown;
 * a picture of more pixels than a browser should hold, which is only saved.
 */
export type Caution = "program" | "large" | null;

export interface Document {
  /** Safe as a file name on every system, and unlike the other documents' names. */
  readonly name: string;
  /** Typed by content: application/pdf, image/png, image/jpeg, image/gif, image/webp,
   * text/plain;charset=utf-8, else application/octet-stream. */
  readonly blob: Blob;
  readonly show: Show;
  readonly caution: Caution;
}

/** What came of it. Documents are there only in `opened`, all verified to their last byte. */
export type Answer =
  | {
      readonly id: number;
      readonly kind: "inspected";
      readonly sealed: "words" | "keys";
      /** scrypt's work factor of a file that opens with words. */
      readonly factor: number | null;
      /** Of the file as it is, in bytes. */
      readonly size: number;
      /** To open it with one reading on this machine, as measured; a phone's battery may differ. */
      readonly seconds: number;
      /** The reference in the file's name, in its written form. */
      readonly reference: string | null;
    }
  /** Only `done / total` means something; it never goes back within a phase. */
  | {
      readonly id: number;
      readonly kind: "progress";
      readonly phase: "deriving" | "reading";
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly id: number;
      readonly kind: "opened";
      /** Which of `words` opened it; 0 for a key. */
      readonly reading: number;
      readonly documents: readonly Document[];
    }
  | { readonly id: number; readonly kind: "sealed"; readonly blob: Blob; readonly name: string }
  | { readonly id: number; readonly kind: "failed"; readonly reason: Reason };
