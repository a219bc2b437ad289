// Every screen, both languages, both themes: axe finds nothing, and nothing is wider than the window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeWords, endDisplay, start } from './driver.mjs';
import { practice } from './practice.mjs';
import { visit } from './screens.mjs';

let app;
let made;
before(async () => {
  made = practice();
  app = await start({ home: made.home, open: made.file });
});
after(async () => {
  await app?.close();
  await endDisplay();
});

test('every screen is accessible and fits the window, in both languages and both themes', async () => {
  const wrong = [];
  await visit(app, made.password, async (name, { locale, theme }) => {
    const words = axeWords(await app.axe());
    if (words !== '') wrong.push(`${name} (${locale}, ${theme}): ${words}`);
    const over = await app.exec(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) wrong.push(`${name} (${locale}, ${theme}): ${over} px wider than the window`);
  });
  assert.equal(wrong.join('\n'), '');
});
