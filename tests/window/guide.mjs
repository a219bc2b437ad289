// The pictures of the user guide: what its pages name, taken from the photographs of the real window.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Names of the pictures that the pages of a guide show, `today-en.png` … */
export function named(guide) {
  const pages = ['en', 'zh-Hans'].flatMap((locale) =>
    readdirSync(join(guide, locale)).map((page) => join(guide, locale, page)),
  );
  const names = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/\]\(\.\.\/pictures\/([^)]+)\)/g)].map((found) => found[1]));
  return [...new Set(names)].sort();
}

/** Lays the light photographs of what the guide names beside its pages; refuses when one was not taken. */
export function illustrate(guide, photographs) {
  const pictures = join(guide, 'pictures');
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  for (const name of named(guide)) {
    const taken = join(photographs, name.replace(/\.png$/, '-light.png'));
    if (!existsSync(taken)) throw new Error(`the guide shows ${name}, of which no photograph was taken`);
    // A screen has few colours: an eighth of the bytes, nothing to be seen.
    execFileSync('convert', [taken, '-strip', '-colors', '200', `PNG8:${join(pictures, name)}`]);
  }
  return named(guide).length;
}
