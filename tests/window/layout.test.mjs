// Every screen, both languages, both themes, at 1280 × 720 and at 200 % zoom: nothing is cut, runs out, or lies on
// something else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { layoutFaults } from './layout.mjs';
import { practice } from './practice.mjs';
import { visit } from './screens.mjs';

/** At 200 % the window of 1280 × 720 holds half as many pixels of the page each way. */
const SIZES = [
  [1280, 720],
  [640, 360],
];

let app;
let made;
before(async () => {
  made = practice();
  app = await start({ home: made.home, open: made.file, size: SIZES[0] });
});
after(async () => {
  await app?.close();
  await endDisplay();
});

for (const [width, height] of SIZES) {
  test(`at ${width} × ${height} nothing is cut, runs out of its place or lies on something else`, async () => {
    await app.resize(width, height);
    const wrong = [];
    await visit(app, made.password, async (name, { locale, theme }) => {
      const faults = await app.exec(layoutFaults);
      wrong.push(...faults.map((fault) => `${name} (${locale}, ${theme}): ${fault}`));
    });
    assert.equal(wrong.join('\n'), '');
  });
}
