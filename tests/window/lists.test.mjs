// Lists, search, timeline, settings and paper in the real window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { practice } from './practice.mjs';
import { onPaper } from './paper.mjs';

let app;
let made;
let hands;
before(async () => {
  made = practice({ subjects: 6 });
  app = await start({ home: made.home, open: made.file, size: [1280, 720] });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

const hits = () => app.exec(() => [...document.querySelectorAll('[data-testid="search-palette-hit"]')].map((hit) => hit.dataset.key));

test('Ctrl+K finds in both languages and opens at the item', async () => {
  await hands.logIn('nurse.li', made.password);
  await hands.screen('today');
  await app.press('Control+k');
  await app.type({ id: 'search-palette-input' }, 's-002 血小板');
  await app.waitFor(async () => (await hits()).some((key) => key.startsWith('item S-002/')), 10_000, 'an item of S-002');
  const keys = await hits();
  const at = keys.findIndex((key) => key === 'item S-002/SCR/LAB/LAB.HEM/LAB.PLT');
  assert.ok(at >= 0, keys.join('\n'));
  for (let n = 0; n < at; n += 1) await app.press('ArrowDown');
  await app.press('Enter');
  await app.waitFor({ id: 'item-LAB.PLT' }, 20_000);
  assert.match(await app.exec('return location.hash'), /form\/S-002\/SCR\/LAB\?at=/);
});

test('the list is walked by keys, opens, and is found again as it was left', async () => {
  await hands.go('subjects');
  await app.waitFor({ id: 'open-S-001' }, 20_000);
  await app.click({ id: 'sort-subject' });
  const [first] = await app.findAll('tr[data-key]');
  assert.equal(await app.exec((row) => row.dataset.key, first), 'S-006');
  await app.exec(() => document.querySelector('[data-testid="open-S-006"]').focus());
  await app.press('End');
  assert.equal(await app.exec('return document.activeElement.dataset.testid'), 'open-S-001');
  await app.press('Enter');
  await app.waitFor({ id: 'timeline' }, 20_000);
  await app.exec('history.back()');
  await app.waitFor({ id: 'open-S-001' }, 20_000);
  assert.equal(await app.exec('return document.querySelector("th[aria-sort]").getAttribute("aria-sort")'), 'descending');
});

test('the timeline draws windows, infusion, CRS and response on the day axis, and says them in a table', async () => {
  await hands.go('subjects', 'S-001');
  await app.waitFor({ id: 'timeline-table' }, 20_000);
  const shown = () => app.exec(() => document.querySelectorAll('[data-testid^="tl-visit-"]').length);
  await app.click({ id: 'timeline-whole' });
  const years = await shown();
  await app.click({ id: 'timeline-weeks' });
  assert.ok((await shown()) < years, 'the first weeks leave the years of follow-up out');
  const drawn = await app.exec(() => {
    const x = (id) => document.querySelector(`[data-testid="${id}"] :is(rect, path, circle)`)?.getBoundingClientRect().x ?? null;
    return { ld: x('tl-lymphodepletion'), infusion: x('tl-infusion'), crs: x('tl-crs'), response: x('tl-response'), d28: x('tl-visit-D28') };
  });
  for (const [name, at] of Object.entries(drawn)) assert.notEqual(at, null, name);
  assert.ok(drawn.ld < drawn.infusion && drawn.infusion < drawn.crs && drawn.crs < drawn.d28 && drawn.d28 < drawn.response, JSON.stringify(drawn));
  const lines = await app.exec(() => document.querySelectorAll('[data-testid="timeline-table"] tbody tr').length);
  assert.ok(lines >= 8, `${lines} lines`);
});

test('on paper: no controls, every line, the head with subject, page, time and person', async () => {
  await hands.go('subjects');
  await app.waitFor({ id: 'open-S-001' }, 20_000);
  const list = await onPaper(app, async () =>
    app.exec(() => {
      const seen = (css) => [...document.querySelectorAll(css)].filter((each) => each.checkVisibility()).length;
      return { buttons: seen('button'), rail: seen('nav'), rows: seen('tr[data-key]'), head: document.querySelector('[data-testid="print-head"]').innerText };
    }),
  );
  assert.deepEqual([list.buttons, list.rail, list.rows], [0, 0, 6]);
  assert.match(list.head, /Practice Hospital/);
  assert.match(list.head, /Li Na, RN/);
  await hands.go('subjects', 'S-001');
  await app.waitFor({ id: 'timeline' }, 20_000);
  const one = await onPaper(app, () => app.exec(() => ({ head: document.querySelector('[data-testid="print-head"]').innerText, open: document.querySelector('main details').open })));
  assert.match(one.head, /S-001/);
  assert.equal(one.open, true);
});

test('the administrator replaces the recovery code and types it back', async () => {
  await hands.lock();
  await hands.logIn('admin.zhao', made.password);
  await hands.go('settings', 'file');
  await app.type({ id: 'recovery-password' }, made.password, 'Enter');
  const code = await hands.words('recovery-code');
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]+)+$/);
  await app.click({ id: 'recovery-written' });
  await app.type({ id: 'new-recovery-typed' }, 'WRONG', 'Enter');
  await app.waitFor({ id: 'new-recovery-problem' });
  await app.type({ id: 'new-recovery-typed' }, code, 'Enter');
  await app.waitFor({ id: 'recovery-replaced' });

});

test('who lost a password goes on under the next log-in, with a key of the own', async () => {
  await hands.go('settings', 'people');
  await app.click({ id: 'lost-nurse.wang' });
  await app.click({ id: 'lost-cancel' });
  await app.waitGone('[data-testid="dialog-lost-password"]');
  assert.equal((await app.findAll('[data-testid="anew-nurse.wang"]')).length, 0, 'nothing was done');
  await app.click({ id: 'lost-nurse.wang' });
  await app.click({ id: 'lost-go-on' });
  await app.waitFor({ id: 'person-anew' }, 20_000);
  const given = (id) => app.exec((at) => document.querySelector(`[data-testid="${at}"]`).value, id);
  assert.deepEqual([await given('person-login'), await given('person-printed-name')], ['nurse.wang2', 'Wang Fang, RN']);
  assert.match(await hands.words('person-role'), /Nurse/);
  await app.type({ id: 'person-identity' }, 'staff card 2231, compared again');
  await app.click({ id: 'person-next' });
  await app.type({ id: 'person-password' }, 'a password that is new');
  await app.type({ id: 'person-password-again' }, 'a password that is new');
  await app.click({ id: 'save-person' });
  await app.waitGone('[data-testid="dialog-add-person"]', 20_000);
  await app.waitFor({ id: 'person-row-nurse.wang2' });
  await app.waitFor({ id: 'anew-nurse.wang' });
  await hands.lock();
  assert.equal((await app.findAll('[data-testid="person-nurse.wang"]')).length, 0, 'the old log-in is gone');
  await hands.logIn('nurse.wang2', 'a password that is new');
  await hands.lock();
  await hands.logIn('admin.zhao', made.password);
});

test('nothing in the page is missing from what the study says of itself', async () => {
  await hands.go('settings', 'study');
  await app.waitFor({ id: 'registration' });
  const words = await hands.words('registration');
  assert.match(words, /CRR|remission/i);
  assert.match(words, /[\u4e00-\u9fff]/);
  await hands.go('settings', 'decisions');
  await app.waitFor({ id: 'decision-D-28' });
  const decisions = await app.exec(() => document.querySelectorAll('[data-testid^="decision-D-"]').length);
  assert.ok(decisions >= 28, `${decisions}`);
});
