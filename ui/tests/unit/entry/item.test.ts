import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FORM, MockCore } from '../../mock/entry/core';
import { STUDY } from '../../mock/entry/study';

const held = vi.hoisted(() => ({ core: null as null | { answer(name: string, request: unknown): Promise<unknown> } }));
vi.mock('@tauri-apps/api/core', () => ({
  invoke: (name: string, args: { request: unknown }) => held.core?.answer(name, args.request),
}));

import FormScreen from '../../../src/screens/form/FormScreen.svelte';
import { useLocale } from '../../../src/i18n';
import { applyStatus, applyStudy, leaving } from '../../../src/state';

let core: MockCore;
const entered = () => core.asked.filter((a) => a.name === 'enter_value').map((a) => a.request as Record<string, unknown>);

async function show(): Promise<void> {
  render(FormScreen, { form: FORM, at: null });
  await screen.findByTestId('item-VS.DATE');
}

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
      rights: ['enter_value', 'complete_form', 'raise_query', 'remove_row', 'check_identity'],
      declaration_due: false,
      sign_asks_login: false,
      idle_minutes: 20,
      since: { at: '2026-11-22T00:00:00.000Z', offset: '+00:00' },
    },
  } as unknown as Parameters<typeof applyStatus>[0]);
});
afterEach(cleanup);

describe('an item on the form', () => {
  it('saves when the cursor leaves it, and says so only then', async () => {
    await show();
    const field = screen.getByTestId('input-VS.WEIGHT');
    field.focus();
    await fireEvent.input(field, { target: { value: '60.5' } });
    expect(screen.getByTestId('state-VS.WEIGHT')).toHaveAttribute('data-state', 'typing');
    expect(entered()).toHaveLength(0);
    field.blur();
    await waitFor(() => expect(screen.getByTestId('state-VS.WEIGHT')).toHaveAttribute('data-state', 'saved'));
    expect(entered()[0]).toMatchObject({ path: `${FORM}/MAIN/VS.WEIGHT`, text: '60.5', unit: 'kg' });
  });

  it('shows a refusal in words beside the text', async () => {
    await show();
    const field = screen.getByTestId('input-VS.WEIGHT');
    field.focus();
    await fireEvent.input(field, { target: { value: 'heavy' } });
    field.blur();
    expect(await screen.findByTestId('refusal-VS.WEIGHT')).toHaveTextContent('this is not a number');
    expect(field).toHaveValue('heavy');
  });

  it('Enter saves and goes on to the next item', async () => {
    await show();
    const field = screen.getByTestId('input-VS.DATE');
    field.focus();
    await fireEvent.input(field, { target: { value: '2026-11-22' } });
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(document.activeElement).toBe(screen.getByTestId('input-VS.TEMP'));
    await waitFor(() => expect(entered()).toHaveLength(1));
  });

  it('Tab saves a whole value and waits for the unit of one that has none', async () => {
    await show();
    const temp = screen.getByTestId('input-VS.TEMP');
    temp.focus();
    await fireEvent.input(temp, { target: { value: '38.5' } });
    await fireEvent.keyDown(temp, { key: 'Tab' });
    screen.getByTestId('unit-VS.TEMP-C').focus();
    expect(entered()).toHaveLength(0);
    await fireEvent.click(screen.getByTestId('unit-VS.TEMP-C'));
    screen.getByTestId('no-value-VS.TEMP').focus();
    await waitFor(() => expect(entered()[0]).toMatchObject({ text: '38.5', unit: 'C' }));
    temp.focus();
    await fireEvent.input(temp, { target: { value: '38.6' } });
    await fireEvent.keyDown(temp, { key: 'Tab' });
    await waitFor(() => expect(entered()[1]).toMatchObject({ text: '38.6', unit: 'C' }));
  });

  it('Enter that ends a composition does not go on', async () => {
    await show();
    const field = screen.getByTestId('input-VS.LOT');
    field.focus();
    await fireEvent.compositionStart(field);
    await fireEvent.input(field, { target: { value: 'pi' } });
    await fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
    await fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    expect(document.activeElement).toBe(field);
    expect(entered()).toHaveLength(0);
  });

  it('leaving while an input method composes saves the syllable once it is whole', async () => {
    await show();
    const field = screen.getByTestId('input-VS.LOT') as HTMLInputElement;
    field.focus();
    await fireEvent.compositionStart(field);
    await fireEvent.input(field, { target: { value: 'pi' } });
    field.blur();
    expect(entered()).toHaveLength(0);
    field.value = '批';
    await fireEvent.compositionEnd(field);
    await waitFor(() => expect(entered()).toHaveLength(1));
    expect(entered()[0]).toMatchObject({ text: '批' });
  });

  it('digits pick codes: the code that is the digit, else the one in that place, full-width too', async () => {
    await show();
    const ecog = screen.getByTestId('choice-VS.ECOG-0');
    ecog.focus();
    await fireEvent.keyDown(ecog, { key: '2' });
    await waitFor(() => expect(entered().at(-1)).toMatchObject({ codes: ['2'] }));
    const sick = screen.getByTestId('choice-VS.SICK-Y');
    sick.focus();
    await fireEvent.keyDown(sick, { key: '２' });
    await waitFor(() => expect(entered().at(-1)).toMatchObject({ codes: ['N'] }));
  });

  it('skip logic shows an item only when the core asks for it', async () => {
    await show();
    expect(screen.queryByTestId('item-VS.WHAT')).toBeNull();
    await fireEvent.click(screen.getByTestId('choice-VS.SICK-Y'));
    await screen.findByTestId('item-VS.WHAT');
  });

  it('several codes are saved together when the cursor leaves', async () => {
    await show();
    const one = screen.getByTestId('choice-VS.DRUGS-H1');
    one.focus();
    await fireEvent.click(one);
    await fireEvent.click(screen.getByTestId('choice-VS.DRUGS-PARA'));
    expect(entered()).toHaveLength(0);
    (document.activeElement as HTMLElement).blur();
    await waitFor(() => expect(entered()).toHaveLength(1));
    expect(entered()[0]).toMatchObject({ codes: ['PARA', 'H1'] });
  });

  it('marks typing by hand in a scan field, and not a scanner', async () => {
    await show();
    const field = screen.getByTestId('input-VS.LOT');
    field.focus();
    const type = async (text: string, gap: number) => {
      for (const [at, key] of [...text].entries()) {
        const e = new KeyboardEvent('keydown', { key, bubbles: true });
        Object.defineProperty(e, 'timeStamp', { value: 1000 + at * gap });
        field.dispatchEvent(e);
        await fireEvent.input(field, { target: { value: text.slice(0, at + 1) } });
      }
    };
    await type('LOT-77', 120);
    expect(screen.getByTestId('by-hand-VS.LOT')).toBeInTheDocument();
    await fireEvent.input(field, { target: { value: '' } });
    await type('LOT-78', 8);
    expect(screen.queryByTestId('by-hand-VS.LOT')).toBeNull();
  });

  it('a missing kind is chosen, saved, and can be taken back', async () => {
    await show();
    await fireEvent.click(screen.getByTestId('no-value-VS.WEIGHT'));
    await fireEvent.click(screen.getByTestId('missing-VS.WEIGHT-not_done'));
    await waitFor(() => expect(entered().at(-1)).toMatchObject({ missing: 'not_done', text: '' }));
    await fireEvent.click(await screen.findByTestId('empty-VS.WEIGHT'));
    await waitFor(() => expect(entered().at(-1)).toMatchObject({ missing: null, text: '' }));
    await screen.findByTestId('input-VS.WEIGHT');
  });

  it('Ctrl+S saves the item the cursor is in', async () => {
    await show();
    const field = screen.getByTestId('input-VS.WEIGHT');
    field.focus();
    await fireEvent.input(field, { target: { value: '７０' } });
    await fireEvent.keyDown(window, { key: 's', ctrlKey: true });
    await waitFor(() => expect(screen.getByTestId('state-VS.WEIGHT')).toHaveAttribute('data-state', 'saved'));
    expect(field).toHaveValue('７０');
    expect(screen.getByTestId('reading-VS.WEIGHT')).toHaveTextContent('７０');
  });

  it('a new row gets the number the core gives, and is there after its first value', async () => {
    core.nextRow = 4;
    await show();
    await fireEvent.click(screen.getByTestId('add-row-ROWS'));
    const field = await screen.findByTestId('input-VS.HR-4');
    field.focus();
    await fireEvent.input(field, { target: { value: '88' } });
    field.blur();
    await waitFor(() => expect(entered()[0]).toMatchObject({ path: `${FORM}/ROWS[4]/VS.HR` }));
    await waitFor(() => expect(screen.getByTestId('state-VS.HR-4')).toHaveAttribute('data-state', 'saved'));
  });

  it('completing first saves what is typed, and does not complete over text that is not saved', async () => {
    await show();
    const field = screen.getByTestId('input-VS.WEIGHT');
    field.focus();
    await fireEvent.input(field, { target: { value: 'heavy' } });
    await fireEvent.click(screen.getByTestId('complete-form'));
    await screen.findByTestId('refusal-VS.WEIGHT');
    expect(core.complete).toBe(false);
    expect(screen.getByTestId('blockers')).toHaveTextContent('typed, not saved');
    // The cursor is brought to what was refused, and the button is free again.
    await waitFor(() => expect(screen.getByTestId('complete-form')).toBeEnabled());
    expect(field).toHaveFocus();
    await fireEvent.input(field, { target: { value: '70' } });
    await fireEvent.click(screen.getByTestId('complete-form'));
    await waitFor(() => expect(core.complete).toBe(true));
  });

  it('says why nothing can be entered, and shows values instead of fields', async () => {
    core.mayEnter = 'not_your_role';
    core.values.set(`${FORM}/MAIN/VS.ECOG`, { value: { type: 'code', code: '1' }, version: 1, byHand: false });
    await show();
    expect(screen.getByTestId('input-VS.ECOG')).toHaveTextContent('1');
    expect(screen.getByTestId('input-VS.WEIGHT').tagName).toBe('OUTPUT');
  });

  const MONITOR = ['raise_query', 'verify'];
  it.each([
    ['en', 'auditor', [], false, 'Reading only: your role (Auditor) enters no values.'],
    ['en', 'data_manager', ['raise_query'], false, 'Reading only: your role (Data manager) enters no values. Queries are raised at the items.'],
    ['en', 'monitor', MONITOR, false, /enters no values\. Queries are raised at the items; verifying is done under “Review”\.$/],
    ['en', 'monitor', MONITOR, true, 'Reading only: your role (Monitor) enters no values.'],
    ['zh-Hans', 'auditor', [], false, '仅供查看：您的角色（稽查员）不录入数据。'],
    ['zh-Hans', 'monitor', MONITOR, false, '仅供查看：您的角色（监查员）不录入数据。可在数据项处提出质疑，核查请到“源数据核查”。'],
  ] as const)('whose role it is to read is refused nothing (%s, %s, %j, file for reading only: %s)', async (locale, role, rights, readOnly, said) => {
    useLocale(locale);
    applyStatus({ app: '0', file: { read_only: readOnly ? 'media' : null }, session: { person: 'P1', role, rights } } as unknown as Parameters<typeof applyStatus>[0]);
    core.mayEnter = 'not_your_role';
    await show();
    const why = screen.getByTestId('why-no-entry');
    if (typeof said === 'string') expect(why.textContent.trim()).toBe(said);
    else expect(why).toHaveTextContent(said);
  });

  it('what keeps somebody from entering who does enter is said as it is', async () => {
    core.mayEnter = 'declaration_due';
    await show();
    expect(screen.getByTestId('why-no-entry')).toHaveTextContent('The declaration on the electronic signature was not accepted yet.');
  });

  it('a query is raised in place and stands beside the item', async () => {
    await show();
    await fireEvent.click(screen.getByTestId('ask-VS.WEIGHT'));
    const text = screen.getByTestId('question-text');
    await fireEvent.input(text, { target: { value: 'Is this in kg?' } });
    await fireEvent.click(screen.getByTestId('raise-query'));
    expect(await screen.findByTestId('query-Q1')).toHaveTextContent('Is this in kg?');
    expect(screen.getByTestId('queried-VS.WEIGHT')).toBeInTheDocument();
  });
});

describe('leaving the window', () => {
  it('keeps what is typed and saves nothing half-way', async () => {
    await show();
    const field = screen.getByTestId('input-VS.WEIGHT');
    field.focus();
    await fireEvent.input(field, { target: { value: '6' } });
    // The window loses the cursor, the field does not.
    field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    await fireEvent.blur(window);
    await waitFor(() => expect(core.unfinished.get(`${FORM}/MAIN/VS.WEIGHT`)).toMatchObject({ input: { text: '6', unit: 'kg' } }));
    expect(entered()).toHaveLength(0);
    expect(field).toHaveValue('6');
  });

  it('waits for the file before the lock falls', async () => {
    await show();
    const field = screen.getByTestId('input-VS.LOT');
    field.focus();
    await fireEvent.input(field, { target: { value: 'LOT' } });
    await leaving();
    expect(core.unfinished.get(`${FORM}/MAIN/VS.LOT`)).toMatchObject({ input: { text: 'LOT' } });
  });
});
