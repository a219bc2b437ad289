// Every code that medicine can give as a reason has words; the list is read from the source that defines it.
import { beforeEach, describe, expect, it } from 'vitest';
import { useLocale, wordsOrNull } from '../../../src/i18n';

interface Files {
  readFileSync(path: string, encoding: 'utf8'): string;
}
// The page's own types know no files; the test machine has them.
const module = 'node:fs';
const files = (await import(/* @vite-ignore */ module)) as Files;
const source = (file: string) => files.readFileSync(`../src-tauri/criteria/src/${file}`, 'utf8');
const WHATS = [...source('what.rs').matchAll(/= "([a-z0-9_]+)",/g)].map((found) => found[1] ?? '');
const RULES = [...source('rule.rs').matchAll(/^ {4}[A-Z0-9_]+: "([A-Za-z0-9.]+)"/gm)].map((found) => found[1] ?? '');

describe.each(['en', 'zh-Hans'] as const)('words in %s', (locale) => {
  beforeEach(() => useLocale(locale));
  it('for every quantity', () => {
    expect(WHATS.length).toBeGreaterThan(100);
    expect(WHATS.filter((code) => wordsOrNull('what', code) === null)).toEqual([]);
  });
  it('for every rule', () => {
    expect(RULES.length).toBeGreaterThan(50);
    expect(RULES.filter((code) => wordsOrNull('rule', code) === null)).toEqual([]);
  });
});
