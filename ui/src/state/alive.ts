// The core locks by itself when it hears of nobody. While somebody reads, moves the pointer or types, it is told so, once a
// minute at most; a command of its own is hand enough, and costs nothing here.
import { act } from '../core';
import { idleMinutes, session } from './session.svelte';

const EVERY_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'compositionupdate'] as const;

let told = -EVERY_MS;

function alive(): void {
  const now = performance.now();
  if (session.who === null || now - told < EVERY_MS) return;
  told = now;
  act('still_here', {}).then(
    (said) => idleMinutes(said.idle_minutes),
    // Locked behind the page's back: the next act says so, and the page looks who is here.
    () => undefined,
  );
}

/** Begins telling; what it returns ends it. */
export function tellOfHands(): () => void {
  for (const sign of SIGNS) window.addEventListener(sign, alive, { capture: true, passive: true });
  return () => {
    for (const sign of SIGNS) window.removeEventListener(sign, alive, { capture: true });
  };
}
