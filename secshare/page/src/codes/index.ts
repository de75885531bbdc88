// Codes: the words or a card, read from a photo or from the camera.

export { CameraFailure, type CameraTrouble, hasCamera, watchCamera } from "./camera.ts";
export { type Photo, readPhoto } from "./photo.ts";
