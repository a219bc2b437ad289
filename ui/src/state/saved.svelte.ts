// What became of the last act: shown in the top bar, and never ahead of the disk.
import { act, asProblem, type CommandName, type Commands, type Problem } from '../core';

export type Saved =
  | { state: 'none' }
  | { state: 'saving' }
  | { state: 'saved'; at: Date }
  | { state: 'not_saved'; problem: Problem };

let current = $state<Saved>({ state: 'none' });
let running = 0;

export function saved(): Saved {
  return current;
}

export function forgetSaved(): void {
  current = { state: 'none' };
}

/** An act that writes. The state says "saved" only after the core has answered, which it does after the disk has. */
export async function save<K extends CommandName>(
  name: K,
  request: Commands[K]['request'],
): Promise<Commands[K]['answer']> {
  running += 1;
  current = { state: 'saving' };
  try {
    const answer = await act(name, request);
    running -= 1;
    if (running === 0) current = { state: 'saved', at: new Date() };
    return answer;
  } catch (thrown) {
    running -= 1;
    const problem = asProblem(thrown);
    current = { state: 'not_saved', problem };
    throw problem;
  }
}
