// A sitting at the mock form, without a page.
import type { Door } from '../../../src/entry/sitting.svelte';
import { applyStudy } from '../../../src/state';
import { MockCore } from '../../mock/entry/core';
import { STUDY } from '../../mock/entry/study';

export function mockDoor(): { core: MockCore; door: Door } {
  applyStudy(STUDY);
  const core = new MockCore();
  const call = ((name: string, request: unknown) => core.answer(name, request)) as Door['read'];
  return { core, door: { read: call, write: call } };
}

export const path = (oid: string, group = 'MAIN') => `S-001/SCR/VS/${group}/${oid}`;
