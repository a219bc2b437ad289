// A casebook of thousands of items: a few rows are drawn, the keys reach every one.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
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
const verified = (desk: Desk) => desk.calls.filter(([name]) => name === 'verify').map(([, asked]) => (asked as { path: string }).path);
const settled = () => new Promise((go) => setTimeout(go, 50));
const rect = (top: number, height: number) => new DOMRect(0, top, 800, height);

/** Lays out what a test asks for; all else stays without a size, as jsdom has it. */
function layOut(place: (element: HTMLElement) => DOMRect | undefined): void {
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return place(this) ?? rect(0, 0);
  });
}
afterEach(() => {
  vi.restoreAllMocks();
});

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

for (const [key, filter] of [['v', 'review-critical'], ['q', 'review-critical'], ['v', 'review-open'], ['q', 'review-open']] as const) {
  test(`${key} does nothing to an item that ${filter} took out of the list, and shows the first of what is left`, async () => {
    const gone = filter === 'review-critical' ? item(1, 1) : { ...item(1, 1), verification: 'verified' as const };
    const desk = await openLong([gone, item(1, 2), item(1, 4)]);
    // Either way the first row is in the list and the keys are at it, until the filter goes.
    if (filter === 'review-open') await fireEvent.click(screen.getByTestId(filter));
    await until(() => rows().length === 3);
    await fireEvent.click(rows()[0]?.querySelector('button') ?? document.body);
    expect(here()?.dataset.path).toBe(gone.path);
    await fireEvent.click(screen.getByTestId(filter));
    await until(() => rows().length === 2 && here() === null);
    await press(key);
    await until(() => here()?.dataset.path === ALL[1]?.path && document.activeElement?.closest('li') === here());
    await settled();
    expect(verified(desk)).toEqual([]);
    expect(screen.queryByTestId('dialog-raise-query')).toBeNull();
    expect(screen.getByTestId('review-brought')).toHaveTextContent('Nothing was done: the item was not in sight. Now it is: S-001 · Weight');
    await press(key);
    if (key === 'v') await until(() => verified(desk)[0] === ALL[1]?.path);
    else await screen.findByTestId('dialog-raise-query');
    expect(screen.getByTestId('review-brought')).toBeEmptyDOMElement();
  }, 30_000);
}

const CONTROLS = { name: '.what', link: 'a', verify: '[data-testid^="verify-"]', ask: '[data-testid^="ask-"]' };
for (const [key, on] of [['v', 'ask'], ['q', 'verify'], ['v', 'link'], ['q', 'name']] as const) {
  test(`${key} acts where the cursor is: at "${on}" of another row`, async () => {
    const desk = await openLong([item(1, 1), item(1, 2), item(1, 3), item(1, 4)]);
    expect(here()?.dataset.path).toBe(ALL[0]?.path);
    const row = rows()[2];
    row?.querySelector<HTMLElement>(CONTROLS[on])?.focus();
    await until(() => here() === row);
    await press(key);
    if (key === 'v') await until(() => desk.review[2]?.verification === 'verified');
    else await screen.findByTestId('dialog-raise-query');
    expect(verified(desk)).toEqual(key === 'v' ? [ALL[2]?.path] : []);
  }, 30_000);
}

for (const [key, top, where] of [['v', -45, 'above'], ['v', 100, 'under the bar'], ['v', 580, 'cut by the lower edge'], ['q', 4000, 'below']] as const) {
  test(`${key} does nothing to a row that stands ${where}, but brings it into sight`, async () => {
    const desk = await openLong([item(1, 1), item(1, 2)]);
    let at: number = top;
    layOut((element) => {
      if (element.localName === 'main') return rect(0, 600);
      if (element.classList.contains('bar')) return rect(0, 120);
      return element.getAttribute('aria-current') === 'true' ? rect(at, 45) : undefined;
    });
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => void (at = 300));
    await press(key);
    await until(() => scrolled.mock.calls.length > 0);
    await settled();
    expect(verified(desk)).toEqual([]);
    expect(screen.queryByTestId('dialog-raise-query')).toBeNull();
    expect(here()?.dataset.path).toBe(ALL[0]?.path);
    expect(document.activeElement?.closest('li')).toBe(here());
    await press(key);
    if (key === 'v') await until(() => verified(desk)[0] === ALL[0]?.path);
    else await screen.findByTestId('dialog-raise-query');
  }, 30_000);
}

test('a row that comes to stand under the bar is moved out from there', async () => {
  await openLong([item(1, 1), item(1, 2)]);
  layOut((element) => {
    if (element.localName === 'main') return rect(0, 600);
    if (element.classList.contains('bar')) return rect(0, 180);
    return element.getAttribute('aria-current') === 'true' ? rect(140, 45) : undefined;
  });
  const main = document.querySelector('main');
  if (main !== null) main.scrollTop = 1000;
  await press('n');
  await until(() => main?.scrollTop === 960);
});

const ELSEWHERE: [string, () => Element, Partial<KeyboardEventInit>][] = [
  ['in a combobox', () => beside('<div role="combobox" tabindex="0"></div>'), {}],
  ['at a closed select', () => screen.getByTestId('review-subject'), {}],
  ['under an open dialog', () => (beside('<div role="dialog"></div>'), document.body), {}],
  ['under an open list', () => (beside('<div role="listbox"></div>'), document.body), {}],
  ['with Shift', () => document.body, { shiftKey: true }],
  ['with Ctrl', () => document.body, { ctrlKey: true }],
  ['with Alt', () => document.body, { altKey: true }],
  ['with Meta', () => document.body, { metaKey: true }],
];
function beside(html: string): Element {
  const layer = document.querySelector('#layer') ?? document.body;
  layer.insertAdjacentHTML('beforeend', html);
  return layer.lastElementChild ?? layer;
}
for (const [where, target, held] of ELSEWHERE) {
  test(`letters ${where} are not for the list`, async () => {
    const desk = await openLong([item(1, 1), item(1, 2)]);
    const at = target();
    for (const key of ['v', 'q', 'n']) await fireEvent.keyDown(at, { key, ...held });
    await settled();
    expect(verified(desk)).toEqual([]);
    expect(screen.queryByTestId('dialog-raise-query')).toBeNull();
    expect(here()?.dataset.path).toBe(ALL[0]?.path);
  });
}

/** Every verification waits until it is let go. */
function slow(desk: Desk): () => void {
  let go = (): void => undefined;
  const wait = new Promise<void>((release) => (go = release));
  const invoke = async (name: string, args: { request: never }): Promise<unknown> => {
    if (name === 'verify') await wait;
    return desk.invoke(name, args);
  };
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke };
  return go;
}
async function scrollFar(): Promise<void> {
  layOut((element) => (element.classList.contains('list') ? rect(-100_000, 0) : undefined));
  await fireEvent.scroll(document.querySelector('main') ?? document.body);
}
const MANY = Array.from({ length: 400 }, (_, form) => [item(form + 1, 1), item(form + 1, 2)]).flat();
const THIRD = 'S-001-SCR-DM[3]';

for (const [length, items] of [['a long', ALL.filter((_, n) => n % ROWS < 4)], ['a very long', MANY]] as const) {
  test(`scrolled far away in ${length} casebook, the form that is verified as a whole can still be stopped`, async () => {
    const desk = await openLong(items);
    const go = slow(desk);
    await fireEvent.click(screen.getByTestId(`verify-all-${THIRD}`));
    await scrollFar();
    await until(() => screen.queryByTestId('verify-all-S-001-SCR-DM[4]') === null);
    expect(screen.getByTestId(`verify-all-${THIRD}`)).toHaveTextContent(/Verifying, \d+ left/);
    await fireEvent.click(screen.getByTestId('stop-bulk'));
    // The cursor was on what is gone now: it is on what began it.
    await until(() => document.activeElement === screen.getByTestId(`verify-all-${THIRD}`));
    go();
    await settled();
    expect(verified(desk)).toHaveLength(1);
  }, 30_000);

  test(`scrolled far away in ${length} casebook, the head that holds the cursor keeps it`, async () => {
    await openLong(items);
    const button = screen.getByTestId(`verify-all-${THIRD}`);
    button.focus();
    await scrollFar();
    await until(() => screen.queryByTestId('verify-all-S-001-SCR-DM[4]') === null);
    expect(button.isConnected).toBe(true);
    expect(document.activeElement).toBe(button);
  }, 30_000);
}

test('a whole form is verified only as far as it is shown', async () => {
  const desk = await openLong([item(1, 1), item(1, 2), item(1, 3), item(1, 4)]);
  const go = slow(desk);
  await fireEvent.click(screen.getByTestId('verify-all-S-001-SCR-DM'));
  await fireEvent.click(screen.getByTestId('review-critical'));
  await until(() => rows().length === 2);
  go();
  await until(() => document.querySelector('[aria-busy="true"]') === null);
  await settled();
  // The first was under way, the second is critical, the third is out of the list.
  expect(verified(desk)).toEqual([ALL[0]?.path, ALL[1]?.path]);
});

/** Verifications are held, each until it is let go. */
function gated(desk: Desk): { go: () => Promise<void>; held: () => number } {
  const gates: (() => void)[] = [];
  const invoke = async (name: string, args: { request: never }): Promise<unknown> => {
    if (name === 'verify') await new Promise<void>((release) => gates.push(release));
    return desk.invoke(name, args);
  };
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke };
  return {
    held: () => gates.length,
    go: async () => {
      await until(() => gates.length > 0);
      gates.shift()?.();
      await settled();
    },
  };
}
const TWO = [item(1, 1), item(1, 2), item(1, 3), item(2, 1), item(2, 2)];
const [FIRST, SECOND] = ['verify-all-S-001-SCR-DM', 'verify-all-S-001-SCR-DM[2]'];
const paths = (...at: number[]) => at.map((n) => TWO[n]?.path);

test('while one form is verified as a whole another waits and says why; then it is its turn', async () => {
  const desk = await openLong(TWO);
  const gate = gated(desk);
  await fireEvent.click(screen.getByTestId(FIRST));
  const other = screen.getByTestId(SECOND);
  expect(other).toBeDisabled();
  expect(other).toHaveAccessibleDescription('Waits: another form is being verified.');
  await fireEvent.click(other);
  for (let n = 0; n < 3; n += 1) await gate.go();
  expect(verified(desk)).toEqual(paths(0, 1, 2));
  await until(() => !(screen.getByTestId(SECOND) as HTMLButtonElement).disabled);
  expect(screen.getByTestId(SECOND)).not.toHaveAccessibleDescription();
  await fireEvent.click(screen.getByTestId(SECOND));
  for (let n = 0; n < 2; n += 1) await gate.go();
  expect(verified(desk)).toEqual(paths(0, 1, 2, 3, 4));
  expect(gate.held()).toBe(0);
}, 30_000);

test('a form that was stopped ends there, though another, or the same again, begins before its last item is through', async () => {
  const desk = await openLong(TWO);
  const gate = gated(desk);
  await fireEvent.click(screen.getByTestId(FIRST));
  await fireEvent.click(screen.getByTestId('stop-bulk'));
  await fireEvent.click(screen.getByTestId(SECOND));
  await gate.go();
  // The one under way is through; the form that was begun next goes on to its end.
  await gate.go();
  await fireEvent.click(screen.getByTestId('stop-bulk'));
  await fireEvent.click(screen.getByTestId(SECOND));
  await gate.go();
  await until(() => document.querySelector('[aria-busy="true"]') === null);
  await settled();
  expect(verified(desk)).toEqual(paths(0, 3, 4));
  expect(gate.held()).toBe(0);
}, 30_000);

test('what the hand verifies while a form is verified as a whole has its turn, and nothing is verified twice', async () => {
  const desk = await openLong(TWO);
  const gate = gated(desk);
  await fireEvent.click(screen.getByTestId(FIRST));
  // The last of the same form and one of another, each asked for twice.
  for (const row of [2, 4, 2, 4]) {
    rows()[row]?.querySelector<HTMLElement>('.what')?.click();
    await until(() => here() === rows()[row]);
    await press('v');
  }
  for (let n = 0; n < 4; n += 1) await gate.go();
  await until(() => document.querySelector('[aria-busy="true"]') === null);
  await settled();
  expect(verified(desk)).toEqual(paths(0, 2, 4, 1));
  expect(gate.held()).toBe(0);
  expect(here()?.dataset.path).toBe(TWO[4]?.path);
}, 30_000);

test('why a form stopped at an item stays said when the hand verifies another meanwhile', async () => {
  const desk = await openLong(TWO);
  const gate = gated(desk);
  await fireEvent.click(screen.getByTestId(FIRST));
  rows()[4]?.querySelector<HTMLElement>('.what')?.click();
  await until(() => here() === rows()[4]);
  await press('v');
  desk.refusals.set('verify', { kind: 'refusal', code: 'already_verified', facts: [] });
  await gate.go();
  desk.refusals.delete('verify');
  await gate.go();
  await until(() => desk.review[4]?.verification === 'verified');
  expect(rows()[0]).toHaveTextContent('verified already');
}, 30_000);

test('of more than a list holds the first subjects are here; the next when these are done, and any by name', async () => {
  const three = ['S-001', 'S-002', 'S-003'].map((code) => ({ ...item(1, 1), path: `${code}/SCR/DM/DM.MAIN/DM.WEIGHT` }));
  const desk = openApp('monitor', '#/review', (made) => ((made.review = three), (made.most = 1)));
  expect(await screen.findByTestId('review-first')).toHaveTextContent('1 of 3 subjects');
  const listed = () => rows().map((row) => row.dataset.path);
  expect(listed()).toEqual([three[0]?.path]);
  expect(screen.queryByTestId('review-further')).toBeNull();
  await press('v');
  await until(() => verified(desk).length === 1);
  expect(await screen.findByText('1 of 3 verified')).toBeInTheDocument();
  await fireEvent.click(await screen.findByTestId('review-further'));
  await until(() => listed()[0] === three[1]?.path);
  expect(listed()).toHaveLength(1);
});
