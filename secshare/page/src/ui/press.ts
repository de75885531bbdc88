/**
 * Nothing of the page moves while somebody presses it.
 *
 * A press and its release make a click only on the same element. What leaving a field would show, or
 * take away, moves the button that is just being pressed: it waits until the click was heard.
 */

const ENDS = ["pointerup", "pointercancel", "mouseup", "contextmenu", "keydown"] as const;

let pressed = false;
let waiting: (() => void) | null = null;
let timer = 0;

for (const kind of ["pointerdown", "mousedown"] as const) {
  addEventListener(kind, (event) => (pressed = event.button === 0), true);
}
for (const kind of ENDS) {
  addEventListener(
    kind,
    () => {
      pressed = false;
      if (waiting !== null) soon();
    },
    true,
  );
}

/** Do something that moves the page: at once, or after the press that is under way. */
export function move(run: () => void): void {
  waiting = null;
  window.clearTimeout(timer);
  if (pressed) waiting = run;
  else run();
}

/**
 * The same, and in any case after the event that is being handled.
 *
 * A finger's press, its release and the click come together, once the finger has left the screen.
 */
export function moveAfter(run: () => void): void {
  waiting = run;
  if (!pressed) soon();
}

function soon(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (waiting !== null) move(waiting);
  }, 0);
}
