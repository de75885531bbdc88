/**
 * From a file and words, or a card, to documents: what is asked of the engine, and when.
 *
 * It begins by itself when all the words came at once, pasted or from a code, and a file is there:
 * nobody should have to look for a button then. Letter after letter, it waits for the person.
 */

import type { Answer } from "../engine/protocol";
import { correctedIn } from "../words";
import { Busy } from "./busy";
import { card, forgetCard, goToCard } from "./card";
import { byId, goTo, show } from "./dom";
import { Engine } from "./engine";
import { fileStep, showFile } from "./file";
import type { Named } from "./filled";
import { forgetResult, showResult } from "./result";
import { duration } from "./sizes";
import { hush, tell } from "./texts";
import { settled, trouble } from "./trouble";
import { goToWords, isWhole, reading, setWords, typed } from "./words";
import { tries, whyNotOpened, whyNotSealed } from "./why";

type Inspected = Extract<Answer, { kind: "inspected" }>;

const steps = byId("steps");
const secretStep = byId("secret-step");
const last = byId("open-step");
const engine = new Engine();
const busy = new Busy("busy");

let file: Named | null = null;
let inspected: Inspected | null = null;
let working = false;
let asked = false; // to open, while the file was still being looked at
let turn = 0; // what was asked before the last change is nobody's answer

/** Return the reference of the file that was chosen, for what is sent back. */
export function referenceOfFile(): string | null {
  return inspected?.reference ?? null;
}

/** Take a file: look at what kind it is, and open it if everything else is there. */
export async function takeFile(given: Named): Promise<void> {
  abandon();
  settled();
  forgetResult();
  show(steps, true);
  [file, inspected, asked] = [given, null, false];
  const mine = ++turn;
  showFile(given);
  tell(byId("estimate"), "file_checking");
  const answer = await engine.ask({ kind: "inspect", file: given.blob, name: given.name });
  if (mine !== turn || answer === null) return;
  hush(byId("estimate"));
  if (answer.kind !== "inspected") {
    file = null;
    showFile(null);
    askForCard(card() !== null);
    const { key, fields } = whyNotSealed(answer.kind === "failed" ? answer.reason : "fault", given);
    trouble(fileStep(), key, fields);
    return;
  }
  inspected = answer;
  askForCard(answer.sealed === "keys");
  tell(byId("estimate"), "as_is", { text: () => duration(answer.seconds) });
  if (answer.sealed === "words" && typed().trim() === "" && card() !== null) {
    goTo(trouble(secretStep, "err_needs_words"));
  }
  if (asked) void open();
  else openIfReady();
}

/** Open by itself when the words came at once; say so first if they are another document's. */
export function openIfReady(): void {
  if (inspected === null || working) return;
  if (inspected.sealed === "keys") {
    if (card() !== null) void open();
    return;
  }
  if (warnedOfReference() || !isWhole()) return;
  void open();
}

/** Say that the words are another document's, as soon as both references are known. */
export function warnedOfReference(): boolean {
  const theirs = reading().reference;
  const ours = referenceOfFile();
  if (ours === null || theirs === null || theirs === ours) return false;
  trouble(secretStep, "err_other_reference", { theirs, ours });
  return true;
}

/** Open the file with what was given; say what is missing. */
export async function open(): Promise<void> {
  if (working) return;
  settled();
  const [given, known] = [file, inspected];
  if (given === null) {
    trouble(fileStep(), "err_file_first");
    byId("file").focus();
    return;
  }
  if (known === null) {
    asked = true; // it is being looked at, and is opened after that
    return;
  }
  const understood = reading();
  const identity = card();
  const words = understood.candidates.slice(0, tries(known.factor));
  if (known.sealed === "keys" ? identity === null : words.length === 0) {
    missing(known.sealed);
    return;
  }
  working = true;
  const mine = ++turn;
  show(byId("open-row"), false);
  const deriving = known.sealed === "keys" ? "busy_card" : "busy_deriving";
  busy.begin(deriving);
  const secret = known.sealed === "keys" ? { identity: identity ?? "" } : { words };
  const answer = await engine.ask(
    { kind: "open", file: given.blob, name: given.name, ...secret },
    (progress) => busy.progressed(progress, deriving, "busy_reading"),
  );
  if (mine !== turn) return;
  rest();
  if (answer === null) return;
  if (answer.kind === "opened") {
    const candidate = words[answer.reading] ?? "";
    // The first reading is the text as it was typed: nothing in it was corrected.
    const corrected = answer.reading > 0 ? correctedIn(understood, candidate) : [];
    show(steps, false);
    showResult(answer.documents, [...new Set(corrected.map((one) => one.position))]);
    return;
  }
  failed(answer.kind === "failed" ? answer.reason : "fault", given);
}

/** Start the engine before it is needed, and let the person stop it. */
export function prepareOpening(): void {
  engine.warm();
  busy.onStop(() => {
    abandon();
    tell(byId("estimate"), "cancelled");
    byId("open").focus();
  });
}

/** Forget the file, the words, the card and the documents. */
export function forget(): void {
  abandon();
  engine.stop();
  settled();
  [file, inspected, asked] = [null, null, false];
  setWords("");
  forgetCard();
  forgetResult();
  showFile(null);
  askForCard(false);
  hush(byId("estimate"));
  show(steps, true);
}

/** Ask for a card instead of words, or the reverse. */
export function askForCard(wanted: boolean): void {
  show(byId("words-part"), !wanted);
  show(byId("card-part"), wanted);
  show(byId("card-type"), wanted);
  show(byId("scan-heading"), !wanted);
  show(byId("scan-offer"), wanted || typed().trim() === "");
  if (!wanted) show(byId("card-text"), false);
  tell(byId("secret-heading"), wanted ? "card_heading" : "words_heading");
}

function failed(reason: Extract<Answer, { kind: "failed" }>["reason"], given: Named): void {
  if (reason === "words_wrong") {
    const { key, fields } = whyNotOpened(reading(), referenceOfFile());
    trouble(secretStep, key, fields);
    goToWords();
  } else if (reason === "identity_wrong" || reason === "needs_words" || reason === "needs_card") {
    if (reason !== "identity_wrong") askForCard(reason === "needs_card");
    goTo(trouble(secretStep, `err_${reason}`));
  } else {
    const { key, fields } = whyNotSealed(reason, given);
    goTo(trouble(last, key, fields));
  }
}

function missing(sealed: Inspected["sealed"]): void {
  if (sealed === "keys") {
    trouble(secretStep, "err_card_first");
    goToCard();
  } else {
    trouble(secretStep, "err_words_first");
    goToWords();
  }
}

function abandon(): void {
  turn++;
  if (!working) return;
  engine.stop();
  rest();
}

function rest(): void {
  working = false;
  busy.end();
  show(byId("open-row"), true);
}
