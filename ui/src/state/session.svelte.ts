// The file on the desk and who sits before it, exactly as the core says.
import type { FileView } from '../bindings/FileView';
import type { SessionView } from '../bindings/SessionView';
import type { StatusView } from '../bindings/StatusView';
import { act } from '../core';
import { leaving } from './leaving';
import { forgetSaved } from './saved.svelte';

let status = $state<StatusView | null>(null);
let lastPerson: string | null = null;

export const session = {
  /** Version of Cartwright. */
  get app(): string {
    return status?.app ?? '';
  },
  get known(): boolean {
    return status !== null;
  },
  get file(): FileView | null {
    return status?.file ?? null;
  },
  get who(): SessionView | null {
    return status?.session ?? null;
  },
  /** The file holds a site's records for reading: a monitor's or a sponsor's. */
  get reviews(): boolean {
    return (status?.file?.site?.kind ?? 'site') !== 'site';
  },
  /** Whether the role may do an act of the rights table; only for showing and hiding. */
  may(act_name: string): boolean {
    return status?.session?.rights.includes(act_name) ?? false;
  },
};

export function applyStatus(now: StatusView): void {
  const person = now.session?.person ?? null;
  if (person !== (status?.session?.person ?? null)) forgetSaved();
  // The same person comes back to where the lock fell; somebody else begins at the beginning.
  if (person !== null) {
    if (lastPerson !== null && lastPerson !== person) location.hash = '';
    lastPerson = person;
  }
  status = now;
}

/** While an infusion is open the limit is another; every form says which one holds. */
export function idleMinutes(minutes: number): void {
  const who = status?.session ?? null;
  if (who !== null && who.idle_minutes !== minutes) who.idle_minutes = minutes;
}

export async function refreshStatus(): Promise<void> {
  applyStatus(await act('status', {}));
}

export async function lockNow(how: 'person' | 'idle' | 'suspend' | 'switched'): Promise<void> {
  await leaving();
  applyStatus(await act('lock', { how }));
}

export async function closeFile(): Promise<void> {
  await leaving();
  applyStatus(await act('close_file', {}));
}
