// The journal read far back and a long casebook, in the real window: a page holds what a person sees of them, the keys and the
// printer find everything.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeWords, endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { Keyboard } from './keyboard.mjs';
import { onPaper } from './paper.mjs';
import { practice } from './practice.mjs';
import { jumps, scrollTo } from './scrolling.mjs';

/** More than this no stretch of the journal needs at once. */
const ELEMENTS = 1000;
/** Entries that the core sends at a time. */
const PAGE = 200;
const MORE = 4;
let app;
let made;
let hands;

before(async () => {
  made = practice();
  app = await start({ home: made.home, open: made.file, size: [1280, 720] });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

/** What is drawn of the journal, by the numbers of its entries, and which of them holds the cursor. */
const now = () =>
  app.exec(() => {
    const number = (row) => (row === null ? null : Number(row.dataset.line.split('/').at(-1)));
    const place = document.querySelector('main').getBoundingClientRect();
    const cursor = document.activeElement.closest('tr[data-line]');
    const box = cursor?.getBoundingClientRect();
    const more = document.querySelector('[data-testid="audit-more"]')?.getBoundingClientRect();
    return {
      elements: document.getElementsByTagName('*').length,
      rows: [...document.querySelectorAll('tr[data-line]')].map(number),
      places: [...document.querySelectorAll('tr[data-line]')].map((row) => row.ariaRowIndex),
      cursor: number(cursor),
      inSight: box !== undefined && box.bottom > place.top && box.top < place.bottom,
      atEnd: more !== undefined && more.bottom <= place.bottom,
    };
  });

let newest;
test('of the journal the entries in sight are drawn, however far back it was read', async () => {
  await app.waitFor({ id: 'unlock' }, 20_000);
  await app.setLocale('en');
  await hands.logIn('dr.chen', made.password);
  await hands.go('audit');
  await app.waitFor({ id: 'audit' }, 20_000);
  const first = await now();
  newest = first.rows[0];
  assert.ok(first.elements < ELEMENTS, `${first.elements} elements`);
  assert.ok(first.rows.length < PAGE / 2, `${first.rows.length} rows`);
  assert.equal(first.places[0], '2');
  assert.equal(axeWords(await app.axe()), '');
  for (let more = 0; more < MORE; more += 1) {
    await scrollTo(app, 'end');
    const end = await now();
    assert.equal(end.rows.at(-1), newest - PAGE * (more + 1) + 1);
    assert.equal(end.places.at(-1), String(PAGE * (more + 1) + 1));
    await app.click({ id: 'audit-more' });
    await app.waitFor(async () => (await now()).rows.at(-1) < end.rows.at(-1), 20_000, 'earlier entries');
  }
  const far = await now();
  assert.ok(far.elements < ELEMENTS, `${far.elements} elements after ${MORE} stretches more`);
  assert.equal(axeWords(await app.axe()), '');
});

test('wheel by wheel nothing jumps: what is in sight stays where it was', async () => {
  await scrollTo(app, 'start');
  assert.deepEqual(await jumps(app, 'tr[data-line]'), []);
});

test('Tab goes from entry to entry, drawn before or not, and back', async () => {
  await scrollTo(app, 'start');
  const keyboard = new Keyboard(app);
  await app.exec(() => document.querySelector('[data-testid="audit-day"]').focus());
  const walked = [];
  for (const [key, steps] of [['Tab', 90], ['Shift+Tab', 80]]) {
    for (let step = 0; step < steps; step += 1) {
      await keyboard.press(key);
      const at = await now();
      if (at.cursor === null) continue;
      assert.ok(at.inSight, `${at.cursor} is in sight`);
      assert.ok(at.elements < ELEMENTS);
      if (walked.at(-1) !== at.cursor) walked.push(at.cursor);
    }
  }
  const down = walked.slice(0, walked.indexOf(Math.min(...walked)) + 1);
  // Entries about the file and its people have nothing to press.
  const pressable = await onPaper(app, () =>
    app.exec(() => [...document.querySelectorAll('tr[data-line]')].filter((row) => row.querySelector('a, button')).map((row) => Number(row.dataset.line.split('/').at(-1)))),
  );
  assert.ok(down.length > 25, `${down.length} entries`);
  assert.deepEqual(down, pressable.slice(0, down.length));
  assert.deepEqual(walked.slice(down.length - 1), down.toReversed().slice(0, walked.length - down.length + 1));
});

test('End and Home lead to the last entry and to the first', async () => {
  await app.exec(() => document.activeElement.blur());
  await app.press('End');
  await app.waitFor(async () => (await now()).atEnd, 20_000, 'what asks for earlier entries in sight');
  assert.equal((await now()).rows.at(-1), newest - PAGE * (MORE + 1) + 1);
  await app.press('Home');
  await app.waitFor(async () => (await now()).rows[0] === newest, 20_000, 'the newest entry');
});

test('the cursor stays in its entry when the journal is scrolled away under it', async () => {
  const link = await app.exec(() => {
    const one = document.querySelector('tr[data-line] a');
    one.focus();
    return one.closest('tr').dataset.line;
  });
  await scrollTo(app, 'end');
  assert.equal(await app.exec(() => document.activeElement.closest('tr')?.dataset.line ?? null), link);
  await app.exec(() => document.activeElement.blur());
});

test('on paper every entry that was read stands', async () => {
  const printed = await onPaper(app, now);
  assert.deepEqual(printed.rows, Array.from({ length: PAGE * (MORE + 1) }, (_, n) => newest - n));
  assert.ok((await now()).elements < ELEMENTS);
});

test('a casebook of two years is as large as the forms that are in it, each under its visit', async () => {
  await hands.go('subjects', 'S-001');
  await app.waitFor({ id: 'casebook' }, 20_000);
  const casebook = await app.exec(() => {
    const table = document.querySelector('[data-testid="casebook"]');
    const [head, ...rows] = [...table.rows];
    const edge = (cell) => Math.round(cell.getBoundingClientRect().left);
    const columns = [...head.cells].map(edge);
    return {
      elements: document.getElementsByTagName('*').length,
      columns: columns.length,
      widths: [...new Set(rows.map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0)))],
      forms: table.querySelectorAll('td > a[data-state]').length,
      empty: [...table.querySelectorAll('td')].filter((cell) => cell.childElementCount === 0).length,
      // Every form of a visit stands in the column that the first of them stands in.
      places: [...table.querySelectorAll('td > a[data-state]')].map((a) => [a.hash.split('/')[3], columns.indexOf(edge(a.parentElement))]),
    };
  });
  assert.ok(casebook.columns > 40 && casebook.forms > 250, JSON.stringify(casebook));
  assert.deepEqual(casebook.widths, [casebook.columns]);
  assert.ok(casebook.empty < 2 * casebook.forms, `${casebook.empty} cells with nothing in them`);
  assert.ok(casebook.elements < 4000, `${casebook.elements} elements`);
  const column = new Map(casebook.places);
  assert.ok(!casebook.places.some(([, at]) => at < 1));
  for (const [visit, at] of casebook.places) assert.equal(column.get(visit), at, visit);
  assert.equal(new Set(column.values()).size, casebook.columns - 1);
  assert.equal(axeWords(await app.axe()), '');
});
