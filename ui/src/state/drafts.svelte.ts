// Text typed and not yet sent (a query, an answer), kept while screens change and while the lock is on.
// It belongs to the person who typed it: nobody else gets it back, and it dies with the window.
import { SvelteMap } from 'svelte/reactivity';
import { session } from './session.svelte';

const kept = new SvelteMap<string, string>();

function mine(key: string): string {
  return `${session.who?.person ?? ''}|${key}`;
}

export function draft(key: string): string {
  return kept.get(mine(key)) ?? '';
}

export function keepDraft(key: string, text: string): void {
  if (text === '') kept.delete(mine(key));
  else kept.set(mine(key), text);
}
