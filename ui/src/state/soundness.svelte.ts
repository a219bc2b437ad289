// Whether the file is sound, as the core verifies it between the acts of whoever is here.
import type { SoundnessView } from '../bindings/SoundnessView';
import { act } from '../core';
import { session } from './session.svelte';

const EVERY_MS = 1000;
/** When nothing runs: a signature may have found something, or a week may have passed. */
const SETTLED_MS = 15_000;

let now = $state.raw<SoundnessView | null>(null);

export const soundness = {
  get now(): SoundnessView | null {
    return now;
  },
  /** Something does not hold, or it could not be looked at: signing and exporting wait. */
  get wrong(): boolean {
    return now !== null && (now.failed !== null || now.result?.holds === false);
  },
};

export async function lookAtSoundness(): Promise<void> {
  now = await act('soundness', {});
}

export async function beginCheck(): Promise<void> {
  now = await act('begin_check', {});
}

export async function stopCheck(): Promise<void> {
  now = await act('stop_check', {});
}

/** Asks once a second while something runs, and now and then when not; what it returns ends it. */
export function watchSoundness(): () => void {
  now = null;
  let asked = 0;
  const timer = setInterval(() => {
    const settled = now !== null && now.running === null && (now.result !== null || now.stopped || now.failed !== null);
    if (session.who === null || (settled && performance.now() - asked < SETTLED_MS)) return;
    asked = performance.now();
    // A lock behind the page's back: the next act of a person says so.
    lookAtSoundness().catch(() => undefined);
  }, EVERY_MS);
  return () => clearInterval(timer);
}
