import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { PASSWORD } from '../../mock/desk';
import { openApp, otherwise, until } from '../app';

test('the rail offers what the core says the role may do, and nothing else', async () => {
  openApp('nurse');
  await screen.findByTestId('nav-subjects');
  expect(screen.queryByTestId('nav-review')).toBeNull();
  expect(screen.queryByTestId('nav-sign')).toBeNull();
});

test('subjects are found, filtered and sorted', async () => {
  openApp('nurse', '#/subjects');
  const table = await screen.findByTestId('subjects');
  const shown = () => [...table.querySelectorAll('tbody tr')].map((row) => row.getAttribute('data-testid'));
  expect(shown()).toEqual(['subject-S-001', 'subject-S-002', 'subject-S-003']);
  await fireEvent.click(screen.getByTestId('sort-unfinished'));
  await fireEvent.click(screen.getByTestId('sort-unfinished'));
  expect(shown()[0]).toBe('subject-S-003');
  await fireEvent.input(screen.getByTestId('find-subject'), { target: { value: '００2' } });
  expect(shown()).toEqual(['subject-S-002']);
});

test('a subject that exists is refused in the dialog, and what was typed stays', async () => {
  openApp('nurse', '#/subjects');
  await fireEvent.click(await screen.findByTestId('add-subject'));
  await fireEvent.input(await screen.findByTestId('field-subject'), { target: { value: 's-001' } });
  await fireEvent.submit(screen.getByTestId('save-subject').closest('form') as HTMLFormElement);
  expect(await screen.findByTestId('add-subject-problem')).toHaveTextContent('S-001 is in the list already');
  expect(screen.getByTestId('field-subject')).toHaveValue('s-001');
  expect(screen.getByTestId('saved-state')).toHaveTextContent('Not saved');
});

/** The row the keys act on. */
const here = () => document.querySelector('[aria-current="true"]')?.getAttribute('data-path');
const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(document.body, { key, ...more });

test('V verifies and goes on; nothing acts while an input method composes', async () => {
  const desk = openApp('monitor', '#/review');
  await screen.findByTestId('review-DM.WEIGHT');
  await until(() => here() !== undefined);
  await press('v', { isComposing: true });
  await press('v', { keyCode: 229 });
  expect(desk.calls.some(([name]) => name === 'verify')).toBe(false);
  await press('v');
  await screen.findByTestId('verified-DM.WEIGHT');
  await until(() => here()?.endsWith('CONSENT.DATE') ?? false);
  await press('n');
  await until(() => here()?.endsWith('DM.SEX') ?? false);
});

test('letters typed into a question are letters', async () => {
  const desk = openApp('monitor', '#/review');
  await screen.findByTestId('review-DM.WEIGHT');
  await until(() => here() !== undefined);
  await press('q');
  const field = await screen.findByTestId('query-text');
  await fireEvent.keyDown(field, { key: 'v' });
  expect(desk.calls.some(([name]) => name === 'verify')).toBe(false);
});

test('what the core refuses to verify says why at its row', async () => {
  const desk = openApp('monitor', '#/review');
  const row = await screen.findByTestId('review-DM.WEIGHT');
  await until(() => here() !== undefined);
  desk.refusals.set('verify', { kind: 'refusal', code: 'already_verified', facts: [] });
  await press('v');
  await until(() => row.textContent?.includes('verified already') ?? false);
});

test('a half-written answer survives leaving the screen', async () => {
  openApp('nurse', '#/queries');
  await fireEvent.input(await screen.findByTestId('answer-q-1'), { target: { value: 'I will look' } });
  location.hash = '#/subjects';
  await screen.findByTestId('screen-subjects');
  location.hash = '#/queries';
  expect(await screen.findByTestId('answer-q-1')).toHaveValue('I will look');
});

test('signing sends the statement in full, the name and the password, and blanks the password', async () => {
  const desk = openApp('investigator', '#/sign');
  expect(await screen.findByTestId('sign-statement')).toHaveTextContent('I have reviewed these records.');
  await fireEvent.input(screen.getByTestId('sign-login'), { target: { value: 'chen' } });
  await fireEvent.input(screen.getByTestId('sign-password'), { target: { value: 'no' } });
  await fireEvent.submit(screen.getByTestId('sign-submit').closest('form') as HTMLFormElement);
  await screen.findByTestId('sign-problem');
  expect(screen.getByTestId('sign-password')).toHaveValue('');
  await fireEvent.input(screen.getByTestId('sign-password'), { target: { value: PASSWORD } });
  await fireEvent.submit(screen.getByTestId('sign-submit').closest('form') as HTMLFormElement);
  await screen.findByTestId('signed');
  const sent = desk.calls.filter(([name]) => name === 'sign').at(-1)?.[1];
  expect(sent).toMatchObject({ meaning: 'I have reviewed these records.', login: 'chen', password: PASSWORD });
});

test('a bundle that does not hold says so and why', async () => {
  openApp('investigator', '#/exchange');
  await fireEvent.click(await screen.findByTestId('verify-bundle'));
  expect(await screen.findByTestId('verify-result')).toHaveAttribute('data-outcome', 'damaged');
  expect(screen.getByTestId('verify-why')).toHaveTextContent('A file differs from what was signed.');
});

test('caps lock is told while a password is typed', async () => {
  openApp(null);
  await fireEvent.click(await screen.findByTestId('person-li'));
  await fireEvent.keyDown(screen.getByTestId('password'), { key: 'A', modifierCapsLock: true });
  expect(await screen.findByText('Caps lock is on')).toBeInTheDocument();
});

test('a lock that fell behind the page leads to the log-in', async () => {
  const desk = openApp('nurse', '#/today');
  await screen.findByTestId('screen-today');
  desk.who = null;
  desk.refusals.set('subjects', { kind: 'refusal', code: 'not_logged_in', facts: [] });
  location.hash = '#/subjects';
  await screen.findByTestId('screen-open');
});

test('of many subjects one is chosen, and the signature covers what is listed', async () => {
  const desk = openApp('investigator', '#/sign');
  expect(await screen.findByTestId('to-sign-S-002-SCR-LAB')).toBeInTheDocument();
  await fireEvent.keyDown(screen.getByTestId('sign-subject'), { key: 'Enter' });
  await fireEvent.pointerUp(await screen.findByTestId('sign-subject-S-001'));
  await until(() => screen.queryByTestId('to-sign-S-002-SCR-LAB') === null);
  await fireEvent.click(screen.getByTestId('to-sign-S-001-SCR-PERF').querySelector('input') as HTMLInputElement);
  expect(screen.getByTestId('sign-submit')).toHaveTextContent('Sign 1 form');
  await fireEvent.input(screen.getByTestId('sign-login'), { target: { value: 'chen' } });
  await fireEvent.input(screen.getByTestId('sign-password'), { target: { value: PASSWORD } });
  await fireEvent.submit(screen.getByTestId('sign-submit').closest('form') as HTMLFormElement);
  await screen.findByTestId('signed');
  expect(desk.calls.filter(([name]) => name === 'sign').at(-1)?.[1]).toMatchObject({ forms: ['S-001/SCR/DM'] });
});

test('thousands of forms to sign are not all drawn', async () => {
  openApp('investigator', '#/sign', (desk) => {
    const forms = Array.from({ length: 3000 }, (_, n) => ({ form: `S-${String(n).padStart(4, '0')}/SCR/LAB`, version: 1, signed_version: null, queries: 0, changes: [] }));
    otherwise(desk, 'to_sign', (usual) => ({ ...usual, forms }));
  });
  expect(await screen.findByText('3,000/3,000')).toBeInTheDocument();
  expect(document.querySelectorAll('li[data-form]').length).toBeLessThan(100);
  expect(screen.getByTestId('sign-submit')).toHaveTextContent('Sign 3,000 forms');
});

test('what is due stands apart from what is over, however much that is', async () => {
  openApp('nurse', '#/today', (desk) => {
    const over = Array.from({ length: 40 }, (_, n) => ({ subject: `S-1${n}`, visit: 'D28', state: 'overdue', target: '2026-03-01', window: ['2026-03-01', '2026-03-01'] as [string, string], days_left: -90 }));
    otherwise(desk, 'today', (usual) => ({ ...usual, visits: [...over, ...usual.visits.filter((visit) => visit.state !== 'overdue')] }));
  });
  expect(await screen.findByTestId('visits-due')).toHaveTextContent('S-001');
  expect(screen.getByTestId('visits-due')).not.toHaveTextContent('S-10');
  expect(screen.getByTestId('visits-overdue')).toHaveTextContent('and 25 more');
});

test('in an empty file the administrator is told to begin with the people', async () => {
  openApp('administrator', '#/today', (desk) => {
    otherwise(desk, 'today', (usual) => ({ ...usual, subjects: 0, visits: [], unfinished: [], typed: [], queries: [], to_sign: 0, to_verify: 0 }));
  });
  await fireEvent.click(await screen.findByTestId('go-people'));
  await until(() => location.hash.includes('settings/people'));
});
