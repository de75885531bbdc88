/** The code on a paper or a card: read by the camera where there is one, or from a photo of it. */

import { CameraFailure, hasCamera, readPhoto, watchCamera } from "../codes";
import { byId, show } from "./dom";
import { hush, tell, tellAttribute } from "./texts";
import { settled, trouble } from "./trouble";

const place = byId("scan");
const camera = byId<HTMLButtonElement>("camera");
const photo = byId<HTMLInputElement>("photo");
const state = byId("scan-state");

let watching: AbortController | null = null;

/**
 * Offer to read codes.
 *
 * Args:
 *   taken: takes the text of a code, and says whether it was words or a card.
 */
export function offerScan(taken: (text: string) => boolean): void {
  show(camera, hasCamera());
  tellAttribute(byId("video"), "aria-label", "scan_label");
  camera.addEventListener("click", () => void watch(taken));
  byId("camera-stop").addEventListener("click", () => {
    stopScan();
    camera.focus();
  });
  photo.addEventListener("change", () => {
    const file = photo.files?.[0];
    photo.value = "";
    if (file !== undefined) void read(file, taken);
  });
  const typing = byId("card-type");
  typing.addEventListener("click", () => {
    show(byId("card-text"), Boolean(byId("card-text").hidden));
    typing.setAttribute("aria-expanded", String(!byId("card-text").hidden));
    byId("card").focus();
  });
}

/** Put the camera out, and forget what was said about codes. */
export function stopScan(): void {
  watching?.abort();
  watching = null;
  show(byId("viewfinder"), false);
  show(camera, hasCamera());
  hush(state);
}

/**
 * Return what a code says: its text, or what follows `#` where it is the address of a page.
 *
 * The address itself is never gone to.
 */
export function wordsOfCode(text: string): string {
  if (!/^https:\/\//iu.test(text)) return text;
  const fragment = text.slice(text.indexOf("#") + 1);
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

async function watch(taken: (text: string) => boolean): Promise<void> {
  settled();
  stopScan();
  const mine = new AbortController();
  watching = mine;
  show(byId("viewfinder"), true);
  show(camera, false);
  byId("camera-stop").focus();
  let other = "";
  const seen = (text: string) => {
    if (taken(wordsOfCode(text))) {
      stopScan();
      tell(state, "scan_read");
    } else if (text !== other) {
      other = text; // said once, not six times a second
      trouble(place, "scan_other");
    }
  };
  try {
    await watchCamera(byId<HTMLVideoElement>("video"), seen, mine.signal);
  } catch (error) {
    if (mine.signal.aborted) return;
    stopScan();
    trouble(place, error instanceof CameraFailure ? "scan_refused" : "err_fault");
    photo.focus();
  }
}

async function read(file: File, taken: (text: string) => boolean): Promise<void> {
  settled();
  stopScan();
  tell(state, "scan_reading");
  const { found, readable, large } = await readPhoto(file);
  hush(state);
  const [text] = found;
  if (large) trouble(place, "scan_large");
  else if (!readable) trouble(place, "scan_unreadable");
  else if (text === undefined) trouble(place, "scan_none");
  else if (found.length > 1) trouble(place, "scan_two");
  else if (taken(wordsOfCode(text))) tell(state, "scan_read");
  else trouble(place, "scan_other");
}
