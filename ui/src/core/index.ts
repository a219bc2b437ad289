// The only door to the core: everything the page asks or does goes through here, and comes back as an answer or a Problem.
import { invoke } from '@tauri-apps/api/core';
import type { Commands } from '../bindings/Commands';
import type { Problem } from '../bindings/Problem';

export type { Problem } from '../bindings/Problem';
export type { Commands } from '../bindings/Commands';

export type CommandName = keyof Commands;
export type Purpose = 'new_site_file' | 'open_site_file' | 'export_folder' | 'bundle' | 'statement_folder' | 'access_card';

/** A path the person chose in a native dialog: the page sees a number and a name, never the path. */
export interface Chosen {
  handle: number;
  name: string;
}

export function isProblem(thing: unknown): thing is Problem {
  if (typeof thing !== 'object' || thing === null) return false;
  const kind = (thing as { kind?: unknown }).kind;
  return kind === 'refusal' || kind === 'fault';
}

/** What a rejected call threw, as a Problem: a shell that could not even answer is a fault of ours. */
export function asProblem(thrown: unknown): Problem {
  return isProblem(thrown) ? thrown : { kind: 'fault', reference: '', code: 'no_answer' };
}

async function call<T>(name: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (thrown) {
    throw asProblem(thrown);
  }
}

/** One command of the core. Rejects with a `Problem`, never with anything else. */
export function act<K extends CommandName>(name: K, request: Commands[K]['request']): Promise<Commands[K]['answer']> {
  return call<Commands[K]['answer']>(name, { request });
}

/** Lets the person choose a file or folder; `null` when they changed their mind. */
export function choose(purpose: Purpose, suggested?: string): Promise<Chosen | null> {
  return call<Chosen | null>('choose', { request: { purpose, suggested: suggested ?? null } });
}

/** The file to show at start: the last one used, or the practice file. */
export function atStart(): Promise<Chosen | null> {
  return call<Chosen | null>('at_start', { request: {} });
}

/** Where the person who is here was when the lock fell; `null` for anybody else. */
export function cameBack(): Promise<string | null> {
  return call<string | null>('came_back', {});
}

/** Everything typed is in the file: the window may go. */
export function left(): Promise<void> {
  return call<void>('left', {});
}

/** Told once, after the first paint, in milliseconds since the page began to load. */
export function painted(ms: number): Promise<void> {
  return call<void>('painted', { request: { ms } });
}
