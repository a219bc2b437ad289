// A casebook of two years under review, in the real window: a few rows of thousands are drawn, the keys reach the last one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeWords, endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { Keyboard } from './keyboard.mjs';
import { onPaper } from './paper.mjs';
import { practice } from './practice.mjs';
import { jumps, scrollTo } from './scrolling.mjs';

/** More than this no screen needs at once. */
const ELEMENTS = 3000;
const BATCH = 250;
let app;
let made;
let hands;
let all;
let last;

before(async () => {
  made = practice();
  app = await start({ home: made.home, open: made.file });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

/** What is drawn, and where the keys and the cursor are. */
const now = () =>
  app.exec(() => {
    const here = document.querySelector('li[aria-current="true"]');
    const box = here?.getBoundingClientRect();
    const place = document.querySelector('main').getBoundingClientRect();
    return {
      elements: document.getElementsByTagName('*').length,
      rows: [...document.querySelectorAll('li[data-path]')].map((row) => row.dataset.path),
      here: here?.dataset.path ?? null,
      inSight: box !== undefined && box.top >= place.top && box.bottom <= place.bottom,
      cursor: document.activeElement.closest('li')?.dataset.path ?? null,
      heads: document.querySelectorAll('[data-head]').length,
    };
  });

test('of a long casebook every form has its head, and the rows in sight are drawn', async () => {
  await app.waitFor({ id: 'unlock' }, 20_000);
  await app.setLocale('en');
  await hands.logIn('monitor.ruiz', made.password);
  await hands.go('review', 'S-001');
  await app.waitFor('li[aria-current="true"]', 20_000);
  all = await app.exec(() => [...document.querySelectorAll('[data-head]')].reduce((sum, head) => sum + Number(/of (\d+) verified/.exec(head.textContent)[1]), 0));
  const first = await now();
  assert.ok(all > 3000, `${all} items`);
  assert.ok(first.heads > 200, `${first.heads} heads`);
  assert.ok(first.elements < ELEMENTS, `${first.elements} elements`);
  assert.equal(axeWords(await app.axe()), '');
  await scrollTo(app, 'end');
  const end = await now();
  last = end.rows.at(-1);
  assert.ok(end.elements < ELEMENTS, `${end.elements} elements at the end`);
  assert.ok(!first.rows.includes(last), `${last} was not drawn at first`);
  await scrollTo(app, 'start');
  assert.equal((await now()).rows[0], first.rows[0]);
});

test('wheel by wheel nothing jumps: what is in sight stays where it was', async () => {
  assert.deepEqual(await jumps(app, 'li[data-path]'), []);
});

test('the keys go through every item to the last, and it is verified', async () => {
  await scrollTo(app, 'start');
  const keyboard = new Keyboard(app);
  for (let left = all - 1; left > 0; left -= BATCH) {
    await keyboard.type('n'.repeat(Math.min(left, BATCH)));
    const at = await now();
    assert.ok(at.inSight, `${at.here} is in sight`);
    assert.equal(at.cursor, at.here);
    assert.ok(at.elements < ELEMENTS, `${at.elements} elements at ${at.here}`);
  }
  assert.equal((await now()).here, last, `${all - 1} steps from the first`);
  await keyboard.press('p');
  assert.notEqual((await now()).here, last);
  // Tab goes from the row to what stands behind it.
  await keyboard.tabTo('ask-' + last.split('/').at(-1), 12);
  assert.equal((await now()).cursor, last);
  await keyboard.press('n', 'v');
  await app.waitFor(`[data-path="${last}"] [data-testid^="verified-"]`, 20_000);
  await app.waitForText(/13 of [\d,]+ verified/, 20_000);
});

test('a query and a verification taken back at a row that the keys went to', async () => {
  const keyboard = new Keyboard(app);
  await keyboard.press('q');
  await app.type({ id: 'query-text' }, 'The source says another day.');
  await app.click({ id: 'raise-query' });
  await app.waitGone('[data-testid="dialog-raise-query"]', 20_000);
  await app.click(`[data-path="${last}"] [data-testid^="withdraw-"]`);
  await app.click('[data-testid^="reason-transcription"]');
  await app.click({ id: 'give-reason' });
  await app.waitFor(`[data-path="${last}"] [data-testid^="verify-"]`, 20_000);
  await app.waitForText(/12 of [\d,]+ verified/, 20_000);
});

test('on paper every row stands', async () => {
  const printed = await onPaper(app, () => app.exec(() => document.querySelectorAll('li[data-path]').length));
  assert.equal(printed, all);
  assert.ok((await now()).elements < ELEMENTS);
});
