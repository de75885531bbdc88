/** Sealing documents to the practice, for a patient who must send some back. Nothing is sent here. */

import { busy, idle, progressed } from "./busy";
import { button, byId, goTo, make, show } from "./dom";
import { ask } from "./engine";
import type { Named, Practice } from "./filled";
import { referenceOfFile } from "./opening";
import { saver } from "./result";
import { size } from "./sizes";
import { tell, tellAttribute } from "./texts";
import { settled, trouble } from "./trouble";

const section = byId("answer");
const input = byId<HTMLInputElement>("answer-files");
const row = byId("answer-row");

let chosen: Named[] = [];
let address: string | null = null;
let turn = 0;

/** Offer to seal documents to a practice that has a key in the page. */
export function offerAnswer(practice: Practice): void {
  const { publicName: name, recipient } = practice;
  tell(byId("answer-heading"), "answer_heading", { name });
  tell(byId("answer-lead"), "answer_lead");
  tellAttribute(byId("answer-list"), "aria-label", "answer_list");
  tell(byId("answer-mail"), "answer_step_mail", { name });
  show(section, true);
  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  byId("answer-seal").addEventListener("click", () => void seal(recipient));
  byId("answer-more").addEventListener("click", () => {
    forgetAnswer();
    input.focus();
  });
  list();
}

/** Add documents to those that will be sealed. */
export function add(files: readonly File[]): void {
  forgetSealed();
  chosen = [...chosen, ...files.map((blob) => ({ blob, name: blob.name }))];
  list();
}

/** Say which document this answers, once a file was chosen. */
export function tellReference(): void {
  const reference = referenceOfFile();
  const about = byId("answer-about");
  show(about, reference !== null && chosen.length > 0);
  if (reference !== null) tell(about, "answer_about", { reference });
}

/** Forget the documents, and the sealed file. */
export function forgetAnswer(): void {
  chosen = [];
  forgetSealed();
  list();
}

async function seal(recipient: string): Promise<void> {
  settled();
  const mine = ++turn;
  show(row, false);
  busy(section, "busy_sealing");
  const answers = referenceOfFile();
  const answer = await ask(
    { kind: "seal", documents: chosen, recipient, answers },
    (progress) => progressed(progress, "busy_sealing"),
  );
  if (mine !== turn) return;
  idle();
  show(row, true);
  if (answer === null) return;
  if (answer.kind !== "sealed") {
    goTo(trouble(section, `err_${answer.kind === "failed" ? answer.reason : "fault"}`));
    return;
  }
  address = URL.createObjectURL(answer.blob);
  byId("answer-save").replaceChildren(saver(address, answer.name, "button main"));
  tell(byId("answer-attach"), "answer_step_attach", { file: answer.name });
  show(row, false);
  show(byId("answer-done"), true);
  goTo(byId("answer-done-heading"));
}

function forgetSealed(): void {
  turn++;
  if (address !== null) URL.revokeObjectURL(address);
  address = null;
  byId("answer-save").replaceChildren();
  show(byId("answer-done"), false);
  show(row, true);
}

function list(): void {
  byId("answer-list").replaceChildren(...chosen.map((file) => listed(file)));
  show(byId("answer-list"), chosen.length > 0);
  show(byId("answer-seal"), chosen.length > 0);
  tell(byId("answer-button"), chosen.length > 0 ? "answer_add" : "answer_choose");
  tellReference();
}

function listed(file: Named): HTMLElement {
  const weight = make("span", "size");
  tell(weight, "as_is", { text: () => size(file.blob.size) });
  const remove = button("button small", () => {
    chosen = chosen.filter((one) => one !== file);
    list();
    input.focus();
  });
  tell(remove, "answer_remove");
  tellAttribute(remove, "aria-label", "answer_remove_named", { name: file.name });
  return make("li", "", make("span", "name", file.name, " ", weight), remove);
}
