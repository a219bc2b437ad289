// Text typed and not yet sent (a query, an answer), kept while screens change; before the lock falls it goes into the file,
// because the page does not outlive the lock. It belongs to the person who typed it: nobody else gets it back.
import { SvelteMap } from 'svelte/reactivity';
import { act } from '../core';
import { LEAVING, type Leaving } from './leaving';

const kept = new SvelteMap<string, string>();
/** What lies in the file under each key. */
const written = new Map<string, string>();

export function draft(key: string): string {
  return kept.get(key) ?? '';
}

export function keepDraft(key: string, text: string): void {
  if (text === '') kept.delete(key);
  else kept.set(key, text);
}

/** Somebody is here: what they typed and did not send comes back. */
export async function loadDrafts(): Promise<void> {
  kept.clear();
  written.clear();
  const { drafts } = await act('drafts', {});
  for (const [key, text] of drafts) {
    kept.set(key, text);
    written.set(key, text);
  }
}

window.addEventListener(LEAVING, (e) => {
  const { wait } = (e as CustomEvent<Leaving>).detail;
  for (const key of new Set([...kept.keys(), ...written.keys()])) {
    const text = kept.get(key) ?? '';
    if (text !== (written.get(key) ?? '')) wait.push(act('keep_draft', { key, text }));
  }
});
