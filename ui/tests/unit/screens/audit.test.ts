// The journal read far back: a few entries are drawn, each says which it is, and paper has them all.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { AuditEntryView } from '../../../src/bindings/AuditEntryView';
import { openApp, until } from '../app';

const PAGE = 200;
function entry(seq: number): AuditEntryView {
  return {
    device: null, log: 'l-01', role: 'nurse', subject: 'S-001', path: 'S-001/SCR/DM/DM.MAIN/DM.WEIGHT', old: null, new: { type: 'number', number: String(seq), unit: 'kg' },
    text: null, reason: null, head: '9f2c4e6a8b0d1f33', study: '1.0', redacted: false, redaction: null, redactable: false,
    seq, when: { at: '2026-11-22T06:03:22.000Z', offset: '+08:00' }, by: 'Li Na', act: 'value_entered',
  };
}

async function openJournal(): Promise<void> {
  const desk = openApp('nurse', '#/audit');
  const invoke = (name: string, args: { request: never }): Promise<unknown> => {
    if (name !== 'audit') return desk.invoke(name, args);
    const { before } = args.request as { before: { seq: number } | null };
    const newest = (before?.seq ?? 1001) - 1;
    return Promise.resolve({ entries: Array.from({ length: PAGE }, (_, n) => entry(newest - n)), more: newest > 2 * PAGE });
  };
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke };
  await until(() => rows().length > 0);
}
const rows = () => [...document.querySelectorAll<HTMLElement>('tr[data-line]')];
const numbers = () => rows().map((row) => Number(row.dataset.line?.split('/')[1]));
afterEach(() => {
  vi.restoreAllMocks();
});

/** The journal is scrolled so many pixels out above. */
async function scroll(by: number): Promise<void> {
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return new DOMRect(0, this.dataset.testid === 'audit' ? -by : 0, 800, 0);
  });
  await fireEvent.scroll(document.querySelector('main') ?? document.body);
}

test('few of many are drawn, and each says which of how many it is', async () => {
  await openJournal();
  expect(rows().length).toBeLessThan(40);
  expect(numbers()[0]).toBe(1000);
  expect(rows()[0]).toHaveAttribute('aria-rowindex', '2');
  // How many there are is not known before the last of them was read.
  expect(screen.getByTestId('audit')).toHaveAttribute('aria-rowcount', '-1');
  for (let more = 0; more < 3; more += 1) {
    await until(() => !(screen.getByTestId('audit-more') as HTMLButtonElement).disabled);
    await fireEvent.click(screen.getByTestId('audit-more'));
  }
  await until(() => screen.queryByTestId('audit-more') === null);
  expect(screen.getByTestId('audit')).toHaveAttribute('aria-rowcount', String(4 * PAGE + 1));
  expect(rows().length).toBeLessThan(40);
});

test('further down others are drawn in their places, and the one that holds the cursor stays', async () => {
  await openJournal();
  const link = rows()[2]?.querySelector('a');
  link?.focus();
  await scroll(100 * 90);
  await until(() => numbers().includes(900));
  expect(document.activeElement).toBe(link);
  expect(numbers()[0]).toBe(998);
  expect(numbers()).not.toContain(990);
  const row = rows().find((one) => one.dataset.line === 'l-01/900');
  expect(row).toHaveAttribute('aria-rowindex', '102');
  link?.blur();
  await until(() => !numbers().includes(998));
});

test('on paper every entry stands', async () => {
  await openJournal();
  window.dispatchEvent(new Event('beforeprint'));
  await until(() => rows().length === PAGE);
  expect(numbers()).toEqual(Array.from({ length: PAGE }, (_, n) => 1000 - n));
  expect(document.querySelectorAll('tr[aria-hidden]')).toHaveLength(0);
  window.dispatchEvent(new Event('afterprint'));
  await until(() => rows().length < PAGE);
});
