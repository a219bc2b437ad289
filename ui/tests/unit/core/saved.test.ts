import { expect, test } from 'vitest';
import { forgetSaved, save, saved } from '../../../src/state';
import { deskWith } from '../app';

test('saved is said only after the core answered', async () => {
  deskWith('nurse');
  forgetSaved();
  const doing = save('add_subject', { subject: 'S-010' });
  expect(saved().state).toBe('saving');
  await doing;
  expect(saved().state).toBe('saved');
});

test('a refusal is not saved, and stays said until the next act', async () => {
  const desk = deskWith('nurse');
  desk.refusals.set('add_subject', { kind: 'refusal', code: 'disk_full', facts: [] });
  await expect(save('add_subject', { subject: 'S-011' })).rejects.toMatchObject({ code: 'disk_full' });
  expect(saved()).toMatchObject({ state: 'not_saved', problem: { code: 'disk_full' } });
});

test('while one act is under way nothing is called saved', async () => {
  const desk = deskWith('nurse');
  let settle: (answer: unknown) => void = () => undefined;
  const first = desk.invoke;
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = {
    invoke: (name: string, args: { request: never }) =>
      name === 'verify' ? new Promise((done) => (settle = done)) : first(name, args),
  };
  const slow = save('verify', { path: 'S-001/SCR/DM/DM.MAIN/DM.SEX', version: 1 });
  await save('add_subject', { subject: 'S-012' });
  expect(saved().state).toBe('saving');
  settle({});
  await slow;
  expect(saved().state).toBe('saved');
});

test('what is thrown that is no Problem becomes a fault', async () => {
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke: () => Promise.reject('gone') };
  await expect(save('add_subject', { subject: 'S-013' })).rejects.toEqual({ kind: 'fault', reference: '', code: 'no_answer' });
});
