// The user guide: the same chapters in both languages, every picture there, every link leads somewhere.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { named } from '../window/guide.mjs';

const GUIDE = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/guide');
const LOCALES = ['en', 'zh-Hans'];
const pages = (locale) => readdirSync(join(GUIDE, locale)).sort();
const read = (locale, page) => readFileSync(join(GUIDE, locale, page), 'utf8');

test('both languages have the same chapters, with the same parts', () => {
  assert.deepEqual(pages('en'), pages('zh-Hans'));
  assert.ok(pages('en').length > 5);
  for (const page of pages('en')) {
    const [en, zh] = LOCALES.map((locale) => (read(locale, page).match(/^#+ /gm) ?? []).join());
    assert.equal(en, zh, page);
  }
});

test('every picture that a page shows is there', () => {
  const names = named(GUIDE);
  assert.ok(names.length > 10);
  for (const name of names) assert.ok(existsSync(join(GUIDE, 'pictures', name)), name);
  assert.deepEqual(readdirSync(join(GUIDE, 'pictures')).sort(), names);
});

test('every link to a file leads somewhere', () => {
  const files = ['README.md', ...LOCALES.flatMap((locale) => pages(locale).map((page) => `${locale}/${page}`))];
  for (const file of files) {
    const text = readFileSync(join(GUIDE, file), 'utf8');
    for (const [, link] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(GUIDE, dirname(file), link)), `${file}: ${link}`);
    }
  }
});
