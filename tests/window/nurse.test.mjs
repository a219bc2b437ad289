// A nurse's day by the keyboard alone, on the real core: an infusion record from the empty form to complete, the power cut
// in the middle of a word, the day gone on with.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endDisplay, start, TOP } from './driver.mjs';
import { Keyboard, record } from './keyboard.mjs';
import { practice } from './practice.mjs';
import { pause } from './processes.mjs';

const FORM = 'S-003/INF/INFUSION';
const CLOSE = join(TOP, 'tests/window/close_window.py');

let made;
before(() => {
  made = practice();
});
after(endDisplay);

const words = async (app, id) => (await (await app.findById(id, 20_000)).text()).replace(/\s+/g, ' ').trim();

async function until(holds) {
  for (const limit = Date.now() + 15_000; !holds(); await pause(50)) assert.ok(Date.now() < limit, 'the window goes');
}

/** A morning: logged in, the infusion record of S-003 open. */
async function morning(language = 'en') {
  const app = await start({ home: made.home, open: made.file });
  const keys = new Keyboard(app);
  await app.waitFor({ id: 'language' }, 20_000);
  if ((await app.exec('return document.documentElement.lang')) !== language) {
    await keys.tabTo('language');
    await keys.press('Enter');
    await app.find(`html[lang="${language}"]`);
  }
  await keys.logIn('nurse.li', made.password);
  return { app, keys };
}

test('a word half typed when the power goes is offered on return, with its unit and every answer before it', async () => {
  const { app, keys } = await morning();
  try {
    await keys.form(FORM);
    await keys.answer('INFUSION.DATE', { text: '2026-09-28' });
    await keys.answer('INFUSION.COI', { scan: 'COI-26-0003' });
    await app.waitFor('[data-testid="state-INFUSION.COI"][data-state="saved"]');
    // By hand, stroke by stroke without a pause; the power goes before the word is whole.
    await keys.type('UC19-26', 40);
    await app.waitFor(async () => (await keys.where()).item === 'INFUSION.LOT');
    // A quarter of a second is the most that is ever not in the file; the rest is for a busy machine.
    await pause(1500);
  } finally {
    await app.kill();
  }
  const again = await morning();
  try {
    await again.keys.form(FORM);
    assert.match(await words(again.app, 'offered-INFUSION.LOT'), /UC19-26/);
    // The cursor stands where work was broken off.
    await again.keys.at('INFUSION.LOT');
    assert.equal(await (await again.app.findById('input-INFUSION.COI')).value(), 'COI-26-0003');
    await again.keys.tabTo('take-INFUSION.LOT');
    await again.keys.press('Enter');
    await again.keys.at('INFUSION.LOT');
    await again.keys.type('04');
    await again.keys.press('Enter');
    await again.keys.saved('INFUSION.LOT');
    assert.equal(await (await again.app.findById('input-INFUSION.LOT')).value(), 'UC19-2604');
    assert.ok(await again.app.findById('by-hand-INFUSION.LOT'), 'typing is marked');
  } finally {
    await again.app.close();
  }
});

test('the window closed by its own button keeps the last stroke; the record is finished in Chinese, and corrected', async () => {
  const { app, keys } = await morning();
  try {
    await keys.form(FORM);
    await keys.at('INFUSION.BAG');
    await keys.type('BAG-00');
    const asked = execFileSync('python3', [CLOSE, 'Cartwright'], { env: app.env, encoding: 'utf8' });
    assert.equal(asked.trim(), '1', 'one window was asked to close');
    await until(() => !app.running());
  } finally {
    await app.kill();
  }
  const again = await morning('zh-Hans');
  try {
    await again.keys.form(FORM);
    assert.match(await words(again.app, 'offered-INFUSION.BAG'), /BAG-00/);
    await again.keys.tabTo('forget-INFUSION.BAG');
    await again.keys.press('Enter');
    await again.keys.at('INFUSION.BAG');
    await record(again.keys, { from: 'INFUSION.BAG' });
    // A correction afterwards: its reason by a digit, and it is saved.
    await again.keys.tabTo('input-INFUSION.V_HR', 40, 'Shift+Tab');
    await again.keys.press('Control+a');
    await again.keys.type('88');
    await again.keys.press('Enter');
    await again.app.waitFor({ id: 'dialog-reason' });
    await again.keys.press('1');
    await again.keys.press('Enter');
    await again.keys.saved('INFUSION.V_HR');
    // Enter went on to the item after it; Shift+Enter goes back.
    await again.keys.press('Shift+Enter');
    await again.keys.at('INFUSION.V_HR');
    await again.keys.press('Alt+h');
    const history = await words(again.app, 'dialog-history');
    assert.match(history, /88/);
    assert.match(history, /84/);
  } finally {
    await again.app.close();
  }
});
