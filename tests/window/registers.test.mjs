// The site's registers in the real window, by the keyboard: a lot, a bag of it, an infusion of it; a second infusion of the
// same bag is found, and the page of the lot lists both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { Keyboard } from './keyboard.mjs';
import { practice } from './practice.mjs';

const PATIENT = 20_000;
const LOT = 'UC19-2699';
const BAG = 'BAG-9001-A';

let app;
let hands;
let keys;
before(async () => {
  const made = practice();
  app = await start({ home: made.home, open: made.file, size: [1280, 720] });
  hands = new Hands(app);
  keys = new Keyboard(app);
  await keys.logIn('nurse.li', made.password);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

const said = async (id) => ((await (await app.findById(id, PATIENT)).text()) ?? '').replace(/\s+/g, ' ');
const value = async (mark) => (await app.findById(`input-${mark}`)).value();

/** Opens a form and waits until it is there. */
async function open(path, item) {
  await hands.go('form', path);
  await app.waitFor({ id: `item-${item}` }, PATIENT);
  await hands.settled();
}

/** Puts the cursor into an item and types. */
async function type(mark, text) {
  await app.exec((id) => document.querySelector(`[data-testid="${id}"]`).focus(), `input-${mark}`);
  await keys.type(text);
}

test('the way to a register is by keys, and a record is added from there', async () => {
  await hands.screen('today');
  await keys.tabTo('nav-registers', 60);
  await keys.press('Enter');
  await app.waitFor({ id: 'register-LOTS' }, PATIENT);
  await keys.tabTo('register-LOTS', 60);
  await keys.press('Enter');
  await app.waitFor({ id: 'record-UC19-2601' }, PATIENT);
  assert.match(await said('record-UC19-2605'), /Yes/, 'the withdrawn lot says so');
  await keys.tabTo('add-record', 60);
  await keys.press('Enter');
  await keys.at('LOT.NUMBER');
  await keys.type(LOT);
  await keys.press('Enter');
  await keys.saved('LOT.NUMBER');
  assert.equal(await app.exec('return document.querySelector("nav [aria-current=page]").dataset.testid'), 'nav-registers');
});

test('a donor is chosen from the register by its group', async () => {
  await keys.at('LOT.DONOR');
  await keys.type('ab');
  await app.waitFor({ id: 'record-LOT.DONOR-D-003' }, PATIENT);
  assert.equal((await app.findAll('[data-testid="records-LOT.DONOR"] [role=option]')).length, 1);
  await keys.press('ArrowDown', 'Enter');
  await keys.saved('LOT.DONOR');
  assert.equal(await value('LOT.DONOR'), 'D-003');
  assert.match(await said('named-LOT.DONOR'), /AB/);
});

test('a code that is taken is found, naming the other record', async () => {
  await open('SITE/LOTS/LOT[6]', 'LOT.NUMBER');
  await app.type({ id: 'input-LOT.NUMBER' }, 'UC19-2601', 'Enter');
  await app.waitFor({ id: 'findings-LOT.NUMBER' }, PATIENT);
  assert.match(await said('findings-LOT.NUMBER'), /same code.*UC19-2601/);
  await app.type({ id: 'input-LOT.NUMBER' }, LOT, 'Enter');
  await app.waitGone('[data-testid="findings-LOT.NUMBER"]', PATIENT);
});

test('a bag of it is infused; the same bag again is found', async () => {
  await hands.go('registers', 'BAGS');
  await app.click({ id: 'add-record' });
  await keys.at('BAG.CODE');
  await keys.type(BAG);
  await keys.press('Enter');
  await keys.at('BAG.LOT');
  await keys.type('2699');
  await app.waitFor({ id: `record-BAG.LOT-${LOT}` }, PATIENT);
  await keys.press('ArrowDown', 'Enter');
  await keys.saved('BAG.LOT');
  assert.equal(await value('BAG.LOT'), LOT);

  await open('S-003/INF/INFUSION', 'INFUSION.BAG');
  await type('INFUSION.BAG', '9001');
  await app.waitFor({ id: `record-INFUSION.BAG-${BAG}` }, PATIENT);
  await keys.press('ArrowDown', 'Enter');
  await keys.saved('INFUSION.BAG');
  assert.match(await said('named-INFUSION.BAG'), new RegExp(LOT));
  assert.equal((await app.findAll('[data-testid="findings-INFUSION.BAG"]')).length, 0);

  await open('S-002/INF/INFUSION', 'INFUSION.BAG');
  await type('INFUSION.BAG', BAG);
  await keys.press('Enter');
  await app.waitFor({ id: 'findings-INFUSION.BAG' }, PATIENT);
  assert.match(await said('findings-INFUSION.BAG'), /once.*S-003/);
  // A code that no record has is a question, not an obstacle.
  await type('INFUSION.LOT', 'NOWHERE-1');
  await keys.press('Enter');
  await app.waitFor({ id: 'findings-INFUSION.LOT' }, PATIENT);
  assert.match(await said('findings-INFUSION.LOT'), /Product lots/);
});

test('a bag in quarantine is found at the infusion, and the lot lists its subjects', async () => {
  const bags = await app.execAsync(() => window.__TAURI_INTERNALS__.invoke('registers', { request: { register: 'BAGS' } }));
  const bag = bags.registers[0].records.find((record) => record.name === BAG).form;
  await open(bag, 'BAG.STATUS');
  await hands.item('BAG.STATUS', { codes: ['QUARANTINE'] });
  await open('S-003/INF/INFUSION', 'INFUSION.BAG');
  assert.match(await said('findings-INFUSION.BAG'), /quarantine/);
  await open('SITE/LOTS/LOT[6]', 'LOT.NUMBER');
  for (const subject of ['S-002', 'S-003']) await app.waitFor({ id: `use-${subject}` }, PATIENT);
  const uses = await said('uses');
  assert.match(uses, /Subjects \(2\)/);
  assert.match(uses, new RegExp(BAG));
  // Each is a way there.
  await keys.follow('#/subjects/S-003');
  await app.waitFor({ id: 'timeline' }, PATIENT);
});

test('Ctrl+K finds a record; the screen speaks Chinese too', async () => {
  await app.press('Control+k');
  await app.type({ id: 'search-palette-input' }, LOT.toLowerCase());
  await app.waitFor('[data-testid="search-palette-hit"][data-key^="record "]', PATIENT);
  await app.press('Enter');
  await app.waitFor({ id: 'to-register' }, PATIENT);
  await app.setLocale('zh-Hans');
  await keys.tabTo('to-register', 80);
  await keys.press('Enter');
  await app.waitFor({ id: `record-${LOT}` }, PATIENT);
  assert.match(await said('nav-registers'), /登记/);
  await app.setLocale('en');
});

test('a form that repeats is added to from the casebook and from itself', async () => {
  await open('S-001/INF/HEMA', 'HEMA.AT');
  await app.type({ id: 'input-HEMA.AT' }, '2026-03-18 07:00', 'Enter');
  await hands.settled();
  await hands.go('subjects', 'S-001');
  await app.click({ id: 'add-form-INF-HEMA' }, PATIENT);
  await app.waitFor(() => app.exec('return decodeURIComponent(location.hash).endsWith("HEMA[2]")'), PATIENT);
  await app.waitFor({ id: 'item-HEMA.AT' }, PATIENT);
  await app.type({ id: 'input-HEMA.AT' }, '2026-03-18 19:00', 'Enter');
  await hands.settled();
  await app.waitFor({ id: 'another-form' }, PATIENT);
  await hands.go('subjects', 'S-001');
  await app.waitFor({ id: 'cell-INF-HEMA[2]' }, PATIENT);
});
