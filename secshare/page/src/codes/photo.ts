// Reading the code in a photo.

import { PHOTO_BYTES, PHOTO_PIXELS } from "../engine/limits.ts";
import { pixelsOf } from "../engine/pictures.ts";
import { type Effort, detect } from "./detector.ts";

/** What is in a photo. */
export interface Photo {
  /** The different texts of its codes: none, one, or several, which is for the person to sort out. */
  readonly found: string[];
  /** False for a kind of picture that this browser does not show (HEIC, on most). */
  readonly readable: boolean;
  /** It is larger than any photo of a code has to be, and was not looked at. */
  readonly large?: true;
}

// The first is what a code of 5 cm on a sheet of paper needs; then finer, and coarser where the
// photo is blurred.
const LOOKS: readonly Effort[] = [
  { side: 1200, milliseconds: 150 },
  { side: 2400, milliseconds: 400 },
  { side: 640, milliseconds: 150 },
  { side: 1700, milliseconds: 400 },
];

/** Bytes that are looked at for how large a photo is: before that stands what its camera says. */
const HEADER = 1 << 20;

/** Read the codes of a photo; the first look that finds any is the last. */
export async function readPhoto(blob: Blob): Promise<Photo> {
  let picture: ImageBitmap;
  try {
    if (await isLarge(blob)) return { found: [], readable: false, large: true };
    picture = await createImageBitmap(blob);
  } catch {
    return { found: [], readable: false };
  }
  try {
    for (const look of LOOKS) {
      const found = await detect(picture, look);
      if (found.length > 0) return { found, readable: true };
    }
    return { found: [], readable: true };
  } finally {
    picture.close();
  }
}

/** Whether it is larger than a photo: a few kilobytes can say that they are gigabytes of pixels. */
async function isLarge(blob: Blob): Promise<boolean> {
  if (blob.size > PHOTO_BYTES) return true;
  const head = new Uint8Array(await blob.slice(0, HEADER).arrayBuffer());
  return (pixelsOf(head) ?? 0) > PHOTO_PIXELS; // of other kinds, the browser says whether it can
}
