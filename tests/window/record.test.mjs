// The measure of the form: an infusion record from the empty form to complete by the keyboard alone. Key presses and seconds
// are printed; what is asserted is that it goes without a pointer and without a detour.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Keyboard, record } from './keyboard.mjs';
import { practice } from './practice.mjs';

after(endDisplay);

test('an infusion record from the empty form to complete', async (t) => {
  const made = practice();
  const app = await start({ home: made.home, open: made.file });
  try {
    const keys = new Keyboard(app);
    await keys.logIn('nurse.li', made.password);
    await keys.form('S-003/INF/INFUSION');
    await keys.at('INFUSION.DATE');
    const begun = performance.now();
    const before = keys.presses;
    const items = await record(keys);
    const seconds = (performance.now() - begun) / 1000;
    const presses = keys.presses - before;
    t.diagnostic(`infusion record: ${items} items, ${presses} key presses (${(presses / items).toFixed(1)} an item), ${seconds.toFixed(1)} s`);
    assert.ok(items >= 40);
    assert.equal((await app.findAll('[data-state="not_saved"]')).length, 0);
    const dose = (await (await app.findById('arithmetic-INFUSION.PER_KG')).text()).replace(/\s+/g, ' ');
    assert.match(dose, /68\.4/);
  } finally {
    await app.close();
  }
});
