// Photographs of every screen in both languages and both themes, from the real window; the guide's pictures are among them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chapters } from './chapters.mjs';
import { endDisplay, start, TOP } from './driver.mjs';
import { illustrate } from './guide.mjs';
import { practice } from './practice.mjs';
import { visit } from './screens.mjs';

const OUT = join(TOP, 'target/screenshots');
mkdirSync(OUT, { recursive: true });
const made = practice();
let count = 0;
async function photograph(app, name, { locale, theme }) {
  await app.screenshot(join(OUT, `${name}-${locale}-${theme}.png`));
  count += 1;
}
try {
  const app = await start({ home: made.home, open: made.file });
  try {
    await visit(app, made.password, (name, look) => photograph(app, name, look));
  } finally {
    await app.close();
  }
  await chapters(made, photograph);
  const shown = illustrate(join(TOP, 'docs/guide'), OUT);
  console.log(`${count} photographs in ${OUT}, ${shown} of them in docs/guide/pictures`);
} finally {
  await endDisplay();
}
