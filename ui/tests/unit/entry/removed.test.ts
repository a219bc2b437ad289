import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConflictView } from '../../../src/bindings/ConflictView';
import type { QueryView } from '../../../src/bindings/QueryView';
import { FORM, MockCore } from '../../mock/entry/core';
import { STUDY } from '../../mock/entry/study';

const held = vi.hoisted(() => ({ core: null as null | { answer(name: string, request: unknown): Promise<unknown> } }));
vi.mock('@tauri-apps/api/core', () => ({
  invoke: (name: string, args: { request: unknown }) => held.core?.answer(name, args.request),
}));

import BothValues from '../../../src/entry/BothValues.svelte';
import { useLocale } from '../../../src/i18n';
import FormScreen from '../../../src/screens/form/FormScreen.svelte';
import { applyStatus, applyStudy } from '../../../src/state';

const when = { at: '2026-11-22T00:00:00.000Z', offset: '+08:00' };
const ABOUT: QueryView = {
  query: 'q-9',
  path: `${FORM}/MAIN[3]/VS.WEIGHT`,
  state: 'open',
  version: 1,
  version_now: 1,
  row_removed: true,
  age_days: 2,
  may: ['answer'],
  conflict: null,
  crossing: null,
  thread: [{ act: 'opened', by: 'M. Onitor', role: 'monitor', when, text: 'Entered twice?', redacted: false }],
};
const side = (seq: number, text: string): ConflictView['stands'] => ({
  at: { log: 'l-1', seq },
  value: { type: 'number', value: text, unit: 'kg' } as unknown as ConflictView['stands']['value'],
  redacted: false,
  by: 'N. Urse',
  role: 'nurse',
  device: `laptop ${seq}`,
  when,
  reason: null,
});
const CONFLICT: ConflictView = { path: `${FORM}/MAIN/VS.WEIGHT`, stands: side(1, '60'), other: side(2, '61'), settled: false };

let core: MockCore;
beforeEach(() => {
  core = new MockCore();
  held.core = core;
  Element.prototype.scrollIntoView = vi.fn();
  useLocale('en');
  applyStudy(STUDY);
  applyStatus({
    app: '0',
    file: null,
    session: {
      person: 'P1',
      login: 'nurse',
      printed_name: 'N. Urse',
      role: 'nurse',
      rights: ['enter_value', 'answer_query'],
      declaration_due: false,
      sign_asks_login: false,
      idle_minutes: 20,
      since: when,
    },
  } as unknown as Parameters<typeof applyStatus>[0]);
});
afterEach(cleanup);

it('a question about a row that was taken out stands on its form, with the row, and is answered there', async () => {
  core.removed = [ABOUT];
  render(FormScreen, { form: FORM, at: null });
  const card = within(await screen.findByTestId('removed-rows'));
  // The number of the row is said once.
  expect(card.getByText('row 3').closest('p')).toHaveTextContent(/^Weight row 3$/);
  expect(card.getByTestId('row-removed')).toHaveTextContent('Row taken out since');
  await fireEvent.input(card.getByTestId('answer-q-9'), { target: { value: 'Yes: taken out.' } });
  await fireEvent.click(card.getByTestId('answer-query'));
  await waitFor(() => expect(core.asked.at(-2)).toMatchObject({ name: 'answer_query', request: { query: 'q-9', text: 'Yes: taken out.' } }));
  await card.findByText('Yes: taken out.');
});

it('where no row was taken out, nothing is said of any', async () => {
  render(FormScreen, { form: FORM, at: null });
  await screen.findByTestId('item-VS.DATE');
  expect(screen.queryByTestId('removed-rows')).toBeNull();
});

it.each([
  ['en', 'Neither is right: take the value out', 'Settled: the row was taken out'],
  ['zh-Hans', '两个值均不正确：清除该值', '已处理：有人在看到两个值之后删除了该行'],
] as const)('of two values neither may be right (%s)', async (locale, none, gone) => {
  useLocale(locale);
  const take = vi.fn();
  const { unmount } = render(BothValues, { conflict: CONFLICT, take });
  expect(screen.getByTestId('take-none')).toHaveTextContent(none);
  await fireEvent.click(screen.getByTestId('take-none'));
  await fireEvent.click(screen.getByTestId('take-other'));
  expect(take.mock.calls).toEqual([[null], [CONFLICT.other.value]]);
  unmount();
  render(BothValues, { conflict: { ...CONFLICT, settled: true }, removed: true, take });
  expect(screen.queryByTestId('take-none')).toBeNull();
  expect(screen.getByTestId('both-values')).toHaveTextContent(gone);
});
