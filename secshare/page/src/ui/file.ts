/** Step 1: the file, chosen, dropped anywhere on the page, or already in it. */

import { byId, show } from "./dom";
import { type Named, shownName } from "./filled";
import { size } from "./sizes";
import { hush, tell } from "./texts";
import { settled, trouble } from "./trouble";

const input = byId<HTMLInputElement>("file");
const step = byId("file-step");

/**
 * Call back with each file that a person gives to be opened, and with those that are dropped where
 * documents for the practice go.
 */
export function onFile(given: (file: Named) => void, answered: (files: File[]) => void): void {
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) given({ blob: file, name: file.name });
    input.value = ""; // choosing the same file again is choosing it
  });
  dropping(given, answered);
}

/** Show which file was chosen; null for none. */
export function showFile(file: Named | null): void {
  show(byId("file-empty"), file === null);
  show(byId("file-chosen"), file !== null);
  show(byId("file-drop"), file === null);
  byId("file-name").textContent = file === null ? "" : shownName(file);
  if (file === null) hush(byId("file-size"));
  else byId("file-size").textContent = size(file.blob.size);
  tell(byId("file-button"), file === null ? "file_choose" : "file_change");
  byId("file-button").classList.toggle("main", file === null);
}

/** Return the step, where what is wrong with a file is said. */
export function fileStep(): HTMLElement {
  return step;
}

function dropping(given: (file: Named) => void, answered: (files: File[]) => void): void {
  const veil = byId("veil");
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(veil, true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) show(veil, false);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(veil, false);
    const files = [...(event.dataTransfer?.files ?? [])];
    const [file] = files;
    if (file === undefined) return;
    settled();
    if (event.target instanceof Element && event.target.closest("#answer")) answered(files);
    else if (files.length > 1) trouble(step, "file_one");
    else given({ blob: file, name: file.name });
  });
}
