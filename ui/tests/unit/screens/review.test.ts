// A casebook of thousands of items: a few rows are drawn, the keys reach every one.
import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { ReviewItemView } from '../../../src/bindings/ReviewItemView';
import type { Desk } from '../../mock/desk';
import { openApp, until } from '../app';

const FORMS = 40;
const ROWS = 60;

function item(form: number, row: number): ReviewItemView {
  const path = `S-001/SCR/DM${form > 1 ? `[${form}]` : ''}/DM.MAIN${row > 1 ? `[${row}]` : ''}/DM.WEIGHT`;
  return { path, value: { type: 'number', number: String(row), unit: 'kg' }, version: 1, verification: 'none', critical: row % 2 === 0, queries: 0 };
}
const ALL = Array.from({ length: FORMS }, (_, form) => Array.from({ length: ROWS }, (_, row) => item(form + 1, row + 1))).flat();
const LAST = ALL.at(-1)?.path ?? '';

async function openLong(items: ReviewItemView[] = ALL): Promise<Desk> {
  const desk = openApp('monitor', '#/review', (made) => (made.review = items));
  await until(() => document.querySelector('[aria-current="true"]') !== null);
  return desk;
}
const rows = () => [...document.querySelectorAll<HTMLElement>('li[data-path]')];
const here = () => document.querySelector<HTMLElement>('li[aria-current="true"]');
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test('every form has its head, few rows are drawn, and each says which of how many it is', async () => {
  await openLong();
  expect(document.querySelectorAll('[data-head]')).toHaveLength(FORMS);
  expect(rows().length).toBeGreaterThan(10);
  expect(document.querySelectorAll('*').length).toBeLessThan(3000);
  expect(rows()[0]).toHaveAttribute('aria-posinset', '1');
  expect(rows()[0]).toHaveAttribute('aria-setsize', String(ROWS));
  expect(screen.getAllByText(`0 of ${ROWS} verified`)).toHaveLength(FORMS);
  expect(rows().some((row) => row.dataset.path === LAST)).toBe(false);
});

test('the keys go to items that are not drawn yet, and the cursor goes along', async () => {
  await openLong();
  for (let n = 1; n <= 50; n += 1) await press('n');
  await until(() => document.activeElement?.closest('li') === here());
  expect(here()?.dataset.path).toBe(ALL[50]?.path);
  expect(here()).toHaveAttribute('aria-posinset', '51');
  await press('p');
  await until(() => here()?.dataset.path === ALL[49]?.path && document.activeElement?.closest('li') === here());
});

test('from form to form V verifies each in turn, drawn before or not', async () => {
  const few = ALL.filter((_, n) => n % ROWS < 2);
  const desk = await openLong(few);
  for (const [n, one] of few.entries()) {
    await until(() => here()?.dataset.path === one.path && document.querySelector('[aria-busy="true"]') === null);
    if (n === 5) desk.refusals.set('verify', { kind: 'refusal', code: 'already_verified', facts: [] });
    await press('v');
    if (n !== 5) continue;
    await until(() => here()?.textContent?.includes('verified already') ?? false);
    desk.refusals.delete('verify');
    await press('v');
  }
  await until(() => desk.review.every((one) => one.verification === 'verified'));
}, 30_000);

test('a filter leaves the rows that it is about, counted anew', async () => {
  await openLong();
  await fireEvent.click(screen.getByTestId('review-critical'));
  await until(() => rows()[0]?.getAttribute('aria-setsize') === String(ROWS / 2));
  expect(rows()[0]?.dataset.path).toBe(ALL[1]?.path);
});

test('a whole form is verified, rows that are not drawn among them', async () => {
  const desk = await openLong();
  await fireEvent.click(screen.getByTestId('verify-all-S-001-SCR-DM'));
  await until(() => desk.review.filter((one) => one.verification === 'verified').length === ROWS);
  expect(desk.review.findIndex((one) => one.verification === 'none')).toBe(ROWS);
  await screen.findByText(`${ROWS} of ${ROWS} verified`);
}, 30_000);

test('on paper every row stands', async () => {
  await openLong(ALL.slice(0, 10 * ROWS));
  expect(rows().length).toBeLessThan(10 * ROWS);
  window.dispatchEvent(new Event('beforeprint'));
  await until(() => rows().length === 10 * ROWS);
  window.dispatchEvent(new Event('afterprint'));
  await until(() => rows().length < 10 * ROWS);
});

test('a verification is taken back with a reason', async () => {
  const desk = await openLong([{ ...item(1, 1), verification: 'verified' }, item(1, 2)]);
  await fireEvent.click(screen.getByTestId('review-open'));
  await fireEvent.click(await screen.findByTestId('withdraw-DM.WEIGHT'));
  const dialog = await screen.findByTestId('dialog-reason');
  expect(dialog).toHaveTextContent('S-001 · Weight');
  await press('n');
  expect(here()?.dataset.path).toBe(ALL[1]?.path);
  await fireEvent.click(screen.getByTestId('reason-transcription'));
  await fireEvent.click(screen.getByTestId('give-reason'));
  await until(() => desk.review[0]?.verification === 'none');
  expect(screen.queryByTestId('dialog-reason')).toBeNull();
});
