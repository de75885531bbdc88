// Reading the code that is held before the camera.

import { detect } from "./detector.ts";

/** Why there is no picture: nobody allowed it, there is no camera, or it is in use. */
export type CameraTrouble = "refused" | "absent" | "busy";

export class CameraFailure extends Error {
  readonly trouble: CameraTrouble;

  constructor(trouble: CameraTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

const PAUSE = 150; // milliseconds between two looks: quick for a person, and time for the page
const LOOK = { side: 720, milliseconds: 30 };

/** Whether this browser gives a page the camera at all (not from every address). */
export function hasCamera(): boolean {
  return typeof (navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia === "function";
}

/**
 * Show the camera in `video`, and tell each text that is read alone in the picture, until `signal`
 * is aborted. The camera is off when this ends, however it ends.
 *
 * It throws CameraFailure where there is no picture.
 */
export async function watchCamera(
  video: HTMLVideoElement,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await opened();
  try {
    video.srcObject = stream;
    video.muted = true;
    video.playsInline = true;
    await video.play().catch(() => undefined); // interrupted: the loop below sees no picture
    while (!signal.aborted) {
      if (video.readyState >= video.HAVE_CURRENT_DATA) {
        const frame = await createImageBitmap(video).catch(() => null);
        const found = frame === null ? [] : await detect(frame, LOOK);
        frame?.close();
        // Two codes at once: which one is meant, the person shows by moving.
        if (found.length === 1 && !signal.aborted) onText(found[0]!);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function opened(): Promise<MediaStream> {
  if (!hasCamera()) throw new CameraFailure("absent");
  try {
    // The one that looks away from the person; a high picture, for a code on paper.
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") throw new CameraFailure("refused");
    throw new CameraFailure(name === "NotReadableError" || name === "AbortError" ? "busy" : "absent");
  }
}
