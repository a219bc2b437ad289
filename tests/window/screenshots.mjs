// Photographs of every screen in both languages and both themes, from the real window; the guide's pictures are among them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endDisplay, start, TOP } from './driver.mjs';
import { illustrate } from './guide.mjs';
import { practice } from './practice.mjs';
import { visit } from './screens.mjs';

const OUT = join(TOP, 'target/screenshots');
mkdirSync(OUT, { recursive: true });
const { home, file, password } = practice();
const app = await start({ home, open: file });
let count = 0;
try {
  await visit(app, password, async (name, { locale, theme }) => {
    await app.screenshot(join(OUT, `${name}-${locale}-${theme}.png`));
    count += 1;
  });
  const shown = illustrate(join(TOP, 'docs/guide'), OUT);
  console.log(`${count} photographs in ${OUT}, ${shown} of them in docs/guide/pictures`);
} finally {
  await app.close();
  await endDisplay();
}
