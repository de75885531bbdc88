/** The page's script: what is heard is handed to the part that answers. */

import { arrived, takeArrived } from "./ui/arrival"; // first: the words leave the address bar
import { add, forgetAnswer, offerAnswer, tellReference } from "./ui/answer";
import { keyIn } from "./engine/identity";
import { onCard, setCard } from "./ui/card";
import { byId, goTo, make, show } from "./ui/dom";
import { fileStep, onFile, showFile } from "./ui/file";
import { heldFile, holdsFile, practice } from "./ui/filled";
import {
  askForCard,
  forget,
  open,
  openIfReady,
  prepareOpening,
  referenceOfFile,
  takeFile,
  warnedOfReference,
} from "./ui/opening";
import { offerScan, stopScan } from "./ui/scan";
import { firstLanguage, hush, speak, spoken, tell } from "./ui/texts";
import { settled, trouble } from "./ui/trouble";
import { LANGUAGES, prepare } from "./words";
import { isWhole, onWords, reading, setWords, typed } from "./ui/words";

const owner = practice();

const FEWEST = 3; // fewer words of the lists are another text, as an address has them

/**
 * Take words or a card that came as one text: from a code, the address, or the clipboard.
 *
 * Returns whether it is all there. What is nearly there is put into the field to be corrected.
 */
function takeSecret(text: string): boolean {
  const identity = keyIn(text);
  if (identity !== null) {
    setWords("");
    askForCard(true);
    setCard(identity);
  } else {
    const before = typed();
    setWords(text);
    if (reading().words < FEWEST) setWords(before);
    if (!isWhole() || typed() !== text) return false;
    askForCard(false);
    askForFile();
  }
  openIfReady();
  return true;
}

function tellPractice(): void {
  const who = byId("who");
  if (owner === null || owner.name === "") {
    show(who, false);
    tell(byId("help-text"), "help_nobody");
    return;
  }
  who.textContent = owner.name;
  tell(byId("help-text"), "help_call", { name: owner.name });
  const link = make("a", "phone", owner.phone);
  link.href = `tel:${owner.phone.replace(/[^+0-9]/gu, "")}`;
  byId("help-text").after(link);
}

/** Say that the file is in the page, instead of asking for one; or the reverse. */
function showHeld(held: boolean): void {
  show(byId("held"), held);
  show(byId("file-step"), !held);
  tell(byId("again-kept"), held ? "again_kept_here" : "again_kept_mail");
}

/** Say what comes next to whoever gave the words first. */
function askForFile(): void {
  if (holdsFile() || !byId("file-chosen").hidden) return;
  tell(byId("news"), "words_arrived");
  // After the browser has shown the end of what was pasted.
  setTimeout(() => byId("news").scrollIntoView({ block: "nearest" }), 0);
}

async function takeHeld(): Promise<void> {
  const held = await heldFile();
  showHeld(true);
  await takeFile(held);
  if (byId("file-chosen").hidden) showHeld(false); // it is damaged: what is said of it is seen
  const reference = referenceOfFile();
  if (reference === null) hush(byId("held-reference"));
  else tell(byId("held-reference"), "file_reference", { reference });
}

/** Let go of everything that somebody gave to this page, and of what came of it. */
function erase(): void {
  stopScan();
  forget();
  forgetAnswer();
}

function again(): void {
  erase();
  tell(byId("news"), "erased");
  if (holdsFile()) void takeHeld();
  goTo(byId("heading"));
}

function begin(): void {
  const preferred = navigator.languages.length > 0 ? navigator.languages : [navigator.language];
  speak(firstLanguage(preferred, owner?.language ?? null));
  document.title = byId("heading").textContent ?? "";
  showFile(null);
  askForCard(false);
  tellPractice();
  byId("language").addEventListener("click", () => {
    speak(spoken() === "fr" ? "en" : "fr");
    document.title = byId("heading").textContent ?? "";
  });
  onFile(
    (file) => {
      hush(byId("news"));
      showHeld(false);
      void takeFile(file).then(tellReference);
    },
    (files) => add(files),
  );
  onWords(
    (how) => {
      settled();
      if (!isWhole()) hush(byId("news")); // what it said of the words is not so any more
      if (keyIn(typed()) !== null) takeSecret(typed());
      else if (how === "whole" && !warnedOfReference()) {
        if (isWhole()) askForFile();
        openIfReady();
      }
    },
    () => void open(),
  );
  onCard(openIfReady, () => void open());
  offerScan(takeSecret);
  byId("open").addEventListener("click", () => void open());
  byId("again").addEventListener("click", again);
  addEventListener("hashchange", () => {
    const text = takeArrived(); // another code, scanned while the page was open
    if (text !== null) takeSecret(text);
  });
  document.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLTextAreaElement || byId("steps").hidden) return;
    if (typed().trim() !== "") return; // what was typed is not replaced by accident
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.trim() !== "" && takeSecret(text)) event.preventDefault();
  });
  // A page that is left may be kept whole for the button Back: the next person presses it too.
  addEventListener("pagehide", (event) => event.persisted && erase());
  addEventListener("pageshow", (event) => event.persisted && again());
  // They look like buttons: Enter presses them too, where the browser takes only the space bar.
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key === "Enter" && at instanceof HTMLInputElement && at.type === "file") {
      event.preventDefault();
      at.click();
    }
  });
  if (owner !== null && owner.recipient !== "") offerAnswer(owner);
  setWords("");
  if (arrived !== null) takeSecret(arrived);
  showHeld(false);
  if (holdsFile()) void takeHeld();
  if (!("stream" in Blob.prototype)) trouble(fileStep(), "err_browser");
  // What takes a few milliseconds is done before somebody waits for it, and not all at once.
  setTimeout(prepareOpening, 0);
  for (const language of LANGUAGES) setTimeout(() => prepare(language), 50);
}

begin();
