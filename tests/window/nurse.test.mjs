// A nurse's day by the keyboard alone, on the real core: an infusion record from the empty form to complete, the power cut
// in the middle of a word, the day gone on with.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Keyboard, record } from './keyboard.mjs';
import { practice } from './practice.mjs';

const FORM = 'S-003/INF/INFUSION';
let made;
before(() => {
  made = practice();
});
after(endDisplay);

const words = async (app, id) => (await (await app.findById(id, 20_000)).text()).replace(/\s+/g, ' ').trim();

/** A morning: logged in, the infusion record of S-003 open. */
async function morning() {
  const app = await start({ home: made.home, open: made.file });
  const keys = new Keyboard(app);
  await keys.logIn('nurse.li', made.password);
  return { app, keys };
}

test('a word half typed when the power goes is offered on return, with its unit and every answer before it', async () => {
  const { app, keys } = await morning();
  try {
    await keys.form(FORM);
    await keys.answer('INFUSION.DATE', { text: 't' });
    await keys.answer('INFUSION.COI', { scan: 'COI-26-0003' });
    await app.waitFor('[data-testid="state-INFUSION.COI"][data-state="saved"]');
    // By hand, stroke by stroke without a pause; the power goes before the word is whole.
    await keys.type('UC19-26', 40);
    await app.waitFor(async () => (await keys.where()).item === 'INFUSION.LOT');
    await new Promise((go) => setTimeout(go, 400));
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
    assert.ok(await again.app.findById('by-hand-INFUSION.LOT'), 'typing is marked, a scan is not');
    assert.equal((await again.app.findAll('[data-testid="by-hand-INFUSION.COI"]')).length, 0);
  } finally {
    await again.app.close();
  }
});

test('the window closed by its own button keeps the last stroke', async () => {
  const { app, keys } = await morning();
  try {
    await keys.form(FORM);
    await keys.at('INFUSION.BAG');
    await keys.type('BAG-00');
    // What the button of the window does; the page is asked, and the window goes when it has answered.
    await app.session.call('DELETE', '/window').catch(() => undefined);
    await app.waitFor(() => !app.running(), 15_000, 'the window to go').catch(() => undefined);
  } finally {
    await app.kill();
  }
  const again = await morning();
  try {
    await again.keys.form(FORM);
    assert.match(await words(again.app, 'offered-INFUSION.BAG'), /BAG-00/);
  } finally {
    await again.app.close();
  }
});
