// Pictures on the way of a test, where CARTWRIGHT_PICTURES names a folder for them; without it, nothing.
import { join } from 'node:path';
import { LOOKS } from './screens.mjs';

const FOLDER = process.env.CARTWRIGHT_PICTURES;

/** One of each language and each theme, where the four say nothing more. */
export const CORNERS = [LOOKS[0], LOOKS.at(-1)];

/** The screen as it stands, in every look; afterwards it is in English and light. */
export async function picture(app, name, looks = LOOKS) {
  if (!FOLDER) return;
  for (const { locale, theme } of looks) {
    await app.setLocale(locale);
    await app.setTheme(theme);
    await still(app, `${name}-${locale}-${theme}`);
  }
  await app.setLocale('en');
  await app.setTheme('light');
}

/** The screen as it stands and no other way: over a dialog the switches are out of reach. */
export async function still(app, name) {
  if (FOLDER) await app.screenshot(join(FOLDER, `${name}.png`));
}
