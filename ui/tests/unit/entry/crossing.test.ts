import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CrossingView } from '../../../src/bindings/CrossingView';
import type { DoneView } from '../../../src/bindings/DoneView';
import type { QueryView } from '../../../src/bindings/QueryView';
import { FORM } from '../../mock/entry/core';
import { STUDY } from '../../mock/entry/study';

vi.mock('@tauri-apps/api/core', () => ({ invoke: vi.fn() }));

import QueryThread from '../../../src/entry/QueryThread.svelte';
import { useLocale } from '../../../src/i18n';
import { applyStudy } from '../../../src/state';

const when = { at: '2026-11-22T00:00:00.000Z', offset: '+08:00' };
const done = (seq: number, other: Partial<DoneView>): DoneView => ({
  at: { log: `l-${seq}`, seq },
  act: 'query_closed',
  value: null,
  text: null,
  redacted: false,
  by: 'C. Loser',
  role: 'monitor',
  device: `laptop ${seq}`,
  when,
  reason: null,
  ...other,
});
const QUESTION: CrossingView = {
  path: `${FORM}/MAIN/VS.WEIGHT`,
  about: 'question',
  unseen: done(2, { act: 'query_reopened', text: 'Which slip?', by: 'A. Sker' }),
  settled: done(1, {}),
};
const COMPLETED: CrossingView = {
  ...QUESTION,
  about: 'form',
  unseen: done(2, { act: 'value_entered', value: { type: 'number', number: '61', unit: 'kg' }, by: 'N. Urse', role: 'nurse' }),
  settled: done(1, { act: 'form_completed', by: 'O. Ther', role: 'nurse' }),
};
const query = (crossing: CrossingView, state: string): QueryView => ({
  query: 'q-9',
  path: crossing.path,
  state,
  version: 1,
  version_now: 1,
  row_removed: false,
  age_days: 0,
  may: [],
  conflict: null,
  crossing,
  thread: [{ act: 'opened', by: '–', role: null, when, text: 'query_reopened ≠ query_closed', redacted: false }],
});

beforeEach(() => applyStudy(STUDY));
afterEach(cleanup);

it.each([
  ['en', QUESTION, ['Query reopened', 'Which slip?', 'A. Sker', 'laptop 2', 'Query closed', 'C. Loser', 'laptop 1'], 'ask it again'],
  ['zh-Hans', QUESTION, ['重新打开质疑', 'Which slip?', '关闭质疑'], '再次质疑'],
  ['en', COMPLETED, ['Value entered', '61', 'N. Urse', 'Form completed', 'O. Ther'], 'with a reason'],
  ['zh-Hans', COMPLETED, ['录入数据', '61', '完成表单'], '注明理由'],
] as const)('a query of the device shows who did what on which device (%s)', (locale, crossing, shown, todo) => {
  useLocale(locale);
  const { unmount } = render(QueryThread, { query: query(crossing, 'open'), act: vi.fn() });
  const both = screen.getByTestId('crossing');
  for (const text of [...shown, todo]) expect(both).toHaveTextContent(text);
  // In words, not by the names of acts that the entry carries.
  expect(screen.getByTestId('query-q-9')).not.toHaveTextContent('query_reopened');
  unmount();
  render(QueryThread, { query: query(crossing, 'closed'), act: vi.fn() });
  expect(screen.getByTestId('crossing')).not.toHaveTextContent(todo);
});

it('what was redacted since is not shown', () => {
  useLocale('en');
  const gone = { ...QUESTION, unseen: { ...QUESTION.unseen, text: null, redacted: true } };
  render(QueryThread, { query: query(gone, 'open'), act: vi.fn() });
  expect(screen.getByTestId('crossing')).not.toHaveTextContent('Which slip?');
});
