import { fireEvent, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import type { SubjectView } from '../../../src/bindings/SubjectView';
import { openApp, until } from '../app';

vi.setConfig({ testTimeout: 30_000 });

const lines = () => [...document.querySelectorAll('[data-testid="subjects"] tbody tr[data-key]')].map((r) => r.getAttribute('data-key'));

test('the list is filtered by what needs attention, walked by keys, and found again as it was left', async () => {
  openApp('nurse', '#/subjects');
  await screen.findByTestId('subjects');
  await fireEvent.click(screen.getByTestId('with-alerts'));
  expect(lines()).toEqual(['S-001']);
  await fireEvent.click(screen.getByTestId('with-alerts'));
  await fireEvent.click(screen.getByTestId('sort-subject'));
  expect(lines()).toEqual(['S-003', 'S-002', 'S-001']);
  expect(document.querySelector('th[aria-sort]')).toHaveAttribute('aria-sort', 'descending');
  screen.getByTestId('open-S-003').focus();
  await fireEvent.keyDown(screen.getByTestId('open-S-003'), { key: 'End' });
  await until(() => document.activeElement?.getAttribute('data-testid') === 'open-S-001');
  await fireEvent.keyDown(screen.getByTestId('open-S-001'), { key: '2' });
  expect(screen.getByTestId('find-subject')).toHaveValue('2');
  expect(lines()).toEqual(['S-002']);
  location.hash = '#/today';
  await screen.findByTestId('screen-today');
  location.hash = '#/subjects';
  await screen.findByTestId('subjects');
  expect(screen.getByTestId('find-subject')).toHaveValue('2');
  expect(lines()).toEqual(['S-002']);
  await fireEvent.input(screen.getByTestId('find-subject'), { target: { value: '' } });
  await fireEvent.click(screen.getByTestId('sort-subject'));
});

test('all lines are drawn for paper', async () => {
  const desk = openApp('nurse', '#/today');
  await screen.findByTestId('screen-today');
  const first = desk.rows[0];
  if (first === undefined) throw new Error('no row');
  desk.rows = Array.from({ length: 120 }, (_, n) => ({ ...first, subject: `S-${n + 100}` }));
  location.hash = '#/subjects';
  await screen.findByTestId('subjects', {}, { timeout: 5000 });
  await until(() => lines().includes('S-100'));
  expect(lines().length).toBeLessThan(60);
  window.dispatchEvent(new Event('beforeprint'));
  await until(() => lines().length === 120);
  window.dispatchEvent(new Event('afterprint'));
  await until(() => lines().length < 60);
});

test('Ctrl+K finds and opens with the keys alone', async () => {
  openApp('nurse', '#/today');
  await screen.findByTestId('screen-today');
  await fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  const field = await screen.findByTestId('search-palette-input');
  await fireEvent.input(field, { target: { value: 's-00' } });
  await until(() => screen.queryAllByTestId('search-palette-hit').length === 3);
  await fireEvent.keyDown(field, { key: 'ArrowDown', isComposing: true });
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect(document.querySelector('[aria-selected="true"]')).toHaveAttribute('data-key', 'subject S-002');
  await fireEvent.keyDown(field, { key: 'Enter' });
  await until(() => location.hash === '#/subjects/S-002');
});

test('the timeline says in a table what it draws', async () => {
  openApp('nurse', '#/subjects/S-001');
  await screen.findByTestId('timeline');
  expect(screen.getByTestId('tl-visit-D28')).toHaveAttribute('data-state', 'coming');
  expect(screen.getByTestId('tl-visit-INF')).toHaveAttribute('data-state', 'done');
  const table = screen.getByTestId('timeline-table');
  expect(within(table).getAllByRole('row', { hidden: true })).toHaveLength(6);
  expect(table).toHaveTextContent('D+28');
});

test('in the casebook every form stands under its visit, and visits without it are one cell side by side', async () => {
  const desk = openApp('nurse');
  const invoke = async (name: string, args: { request: never }): Promise<unknown> => {
    const answer = await desk.invoke(name, args);
    if (name !== 'subject') return answer;
    const view = structuredClone(answer) as SubjectView;
    const [last, one] = [view.visits.at(-1), view.visits[0]?.forms[0]];
    if (last !== undefined && one !== undefined) last.forms.push({ ...one, form: 'S-001/D28/LAB' });
    return view;
  };
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke };
  location.hash = '#/subjects/S-001';
  const table: HTMLTableElement = await screen.findByTestId('casebook');
  const [head, ...rows] = [...table.rows];
  expect([...(head?.cells ?? [])].map((cell) => cell.textContent.trim())).toEqual(['Form', 'Screening', 'INF', 'CRS', 'Day 28']);
  const places = (row: HTMLTableRowElement): string[] =>
    [...row.cells].flatMap((cell) => [cell.querySelector('a')?.dataset.testid ?? '', ...Array.from({ length: cell.colSpan - 1 }, () => '+')]);
  expect(Object.fromEntries(rows.map((row) => [row.cells[0]?.textContent.trim(), places(row).slice(1)]))).toEqual({
    Demographics: ['cell-SCR-DM', '', '+', '+'],
    Laboratory: ['cell-SCR-LAB', '', '+', 'cell-D28-LAB'],
  });
});
