// The file on the desk and who sits before it, exactly as the core says.
import type { FileView } from '../bindings/FileView';
import type { SessionView } from '../bindings/SessionView';
import type { StatusView } from '../bindings/StatusView';
import { act } from '../core';
import { leaving } from './leaving';
import { forgetSaved } from './saved.svelte';

let status = $state<StatusView | null>(null);

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
  /** Whether the role may do an act of the rights table; only for showing and hiding. */
  may(act_name: string): boolean {
    return status?.session?.rights.includes(act_name) ?? false;
  },
};

export function applyStatus(now: StatusView): void {
  if (now.session?.person !== status?.session?.person) forgetSaved();
  status = now;
}

export async function refreshStatus(): Promise<void> {
  applyStatus(await act('status', {}));
}

export async function lockNow(how: 'person' | 'idle'): Promise<void> {
  await leaving();
  applyStatus(await act('lock', { how }));
}

export async function closeFile(): Promise<void> {
  await leaving();
  applyStatus(await act('close_file', {}));
}
