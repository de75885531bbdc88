/** Sealing documents to the practice, for a patient who must send some back. Nothing is sent here. */

import { Busy } from "./busy";
import { button, byId, goTo, make, show } from "./dom";
import { Engine } from "./engine";
import { type Named, type Practice, shownName } from "./filled";
import { referenceOfFile } from "./opening";
import { saver } from "./result";
import { size } from "./sizes";
import { hush, tell, tellAttribute } from "./texts";
import { settled, trouble } from "./trouble";

const section = byId("answer");
const input = byId<HTMLInputElement>("answer-files");
const row = byId("answer-row");

const state = byId("answer-state");
const engine = new Engine();
const busy = new Busy("answer-busy");

let chosen: Named[] = [];
let address: string | null = null;
let working = false;
let turn = 0;

/** Offer to seal documents to a practice that has a key in the page. */
export function offerAnswer(practice: Practice): void {
  const { name, recipient } = practice;
  tell(byId("answer-heading"), "answer_heading", { name });
  tell(byId("answer-lead"), "answer_lead");
  tellAttribute(byId("answer-list"), "aria-label", "answer_list");
  tell(byId("answer-mail"), "answer_step_mail");
  show(section, true);
  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  byId("answer-seal").addEventListener("click", () => void seal(recipient));
  busy.onStop(() => {
    forgetSealed();
    byId("answer-seal").focus();
  });
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
  else hush(about);
}

/** Forget the documents, and the sealed file. */
export function forgetAnswer(): void {
  chosen = [];
  forgetSealed();
  hush(state);
  list();
}

async function seal(recipient: string): Promise<void> {
  settled();
  hush(state);
  const mine = ++turn;
  working = true;
  show(row, false);
  busy.begin("busy_sealing");
  const answers = referenceOfFile();
  const answer = await engine.ask(
    { kind: "seal", documents: chosen, recipient, answers },
    (progress) => busy.progressed(progress, "busy_sealing", "busy_sealing"),
  );
  if (mine !== turn || answer === null) return; // stopped: forgetSealed has said so
  working = false;
  busy.end();
  show(row, true);
  if (answer.kind !== "sealed") {
    goTo(trouble(section, `err_${answer.kind === "failed" ? answer.reason : "fault"}`));
    return;
  }
  address = URL.createObjectURL(answer.blob);
  byId("answer-save").replaceChildren(saver(address, answer.name, "button main"));
  tell(byId("answer-attach"), "answer_step_attach", { file: answer.name });
  show(row, false);
  tell(byId("answer-done-heading"), chosen.length > 1 ? "answer_done_several" : "answer_done");
  show(byId("answer-done"), true);
  goTo(byId("answer-done-heading"));
}

/** Stop sealing, and forget what was sealed: the documents are not the same any more. */
function forgetSealed(): void {
  turn++;
  if (working) {
    working = false;
    engine.stop();
    busy.end();
    tell(state, "answer_cancelled");
  }
  if (address !== null) URL.revokeObjectURL(address);
  address = null;
  byId("answer-save").replaceChildren();
  hush(byId("answer-attach")); // it names the reference
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
  const name = shownName(file);
  const weight = make("span", "size");
  tell(weight, "as_is", { text: () => size(file.blob.size) });
  const remove = button("button small", () => {
    chosen = chosen.filter((one) => one !== file);
    list();
    input.focus();
  });
  tell(remove, "answer_remove");
  tellAttribute(remove, "aria-label", "answer_remove_named", { name });
  return make("li", "", make("span", "name", name, " ", weight), remove);
}
