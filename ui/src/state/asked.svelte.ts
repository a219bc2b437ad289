// An answer of the core that a screen shows: what came, what went wrong, whether it is on its way.
import { asProblem, type Problem } from '../core';
import { refreshStatus } from './session.svelte';

const NOBODY_HERE = ['locked', 'not_logged_in', 'no_file', 'access_ended'];

/** A lock that fell behind the page's back: look who is here. */
export function noticeLock(problem: Problem): void {
  if (problem.kind === 'refusal' && NOBODY_HERE.includes(problem.code)) refreshStatus().catch(() => undefined);
}

export class Asked<T> {
  answer = $state.raw<T | null>(null);
  problem = $state<Problem | null>(null);
  busy = $state(false);
  #ask: () => Promise<T>;
  #latest = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Asks again; a late answer to an earlier question is dropped. */
  async again(): Promise<void> {
    const mine = ++this.#latest;
    this.busy = true;
    try {
      const answer = await this.#ask();
      if (mine === this.#latest) {
        this.answer = answer;
        this.problem = null;
      }
    } catch (thrown) {
      if (mine === this.#latest) {
        this.problem = asProblem(thrown);
        noticeLock(this.problem);
      }
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }
}

/** Something a person set off: waits, shows what went wrong, never throws. */
export class Doing {
  busy = $state(false);
  problem = $state<Problem | null>(null);

  /** True when it was done. */
  async run(deed: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await deed();
      return true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      noticeLock(this.problem);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
