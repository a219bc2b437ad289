// Every code that the core can send has words in both languages: the sources of the core are read, not a list of them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyOf } from '../../../src/i18n/key';

const CORE = join(__dirname, '../../../../src-tauri');
const words = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(join(__dirname, '../../../messages', file), 'utf8')) as Record<string, string>;
const LANGUAGES = [words('en.json'), words('zh-Hans.json')];

function sources(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name !== 'tests' && name !== 'tests.rs')
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? sources(path) : path.endsWith('.rs') ? readFileSync(path, 'utf8') : ''))
    .join('\n')
    .replace(/#\[cfg\(test\)\]\s*mod tests \{[\s\S]*?\n\}/g, '');
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((hit) => hit[1] ?? ''))].filter((code) => code !== '');
}

function without(prefix: string, codes: string[]): string[] {
  return codes.filter((code) => !LANGUAGES.every((language) => language[keyOf(prefix, code)] !== undefined));
}

const snake = (name: string): string => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();

test('refusals of the acts', () => {
  const codes = found(sources(join(CORE, 'conduct/src')), /\b(?:no|no_with|refusal|refusal_with)(?:::<[^>]*>)?\(\s*"([a-z_]+)"/g);
  expect(codes.length).toBeGreaterThan(30);
  expect(without('refusal', codes)).toEqual([]);
});

test('what can go wrong with the file', () => {
  const codes = found(readFileSync(join(CORE, 'store/src/error.rs'), 'utf8'), /=> "([a-z_]+)"/g);
  expect(codes.length).toBeGreaterThan(15);
  const unsaid = codes.filter((code) => without('refusal', [code]).length > 0 && without('fault', [code]).length > 0);
  expect(unsaid).toEqual([]);
});

test('what a person typed and the item does not take', () => {
  const list = /pub enum InputRefused \{([\s\S]*?)\n\}/.exec(readFileSync(join(CORE, 'study/src/input.rs'), 'utf8'));
  const codes = found(list?.[1] ?? '', /^ {4}([A-Z][A-Za-z]+)/gm).map(snake);
  expect(codes.length).toBeGreaterThan(10);
  expect(without('refusal_input', codes)).toEqual([]);
});

test('acts of the journal', () => {
  const list = /pub enum Act \{([\s\S]*?)\n\}/.exec(readFileSync(join(CORE, 'study/src/act.rs'), 'utf8'));
  const codes = found(list?.[1] ?? '', /^ {4}([A-Z][A-Za-z]+) \{/gm).map(snake);
  expect(codes.length).toBeGreaterThan(20);
  expect(without('act', codes)).toEqual([]);
});

test('what is wrong with a bundle', () => {
  const codes = found(readFileSync(join(CORE, 'bundle/src/refused.rs'), 'utf8'), /(?:= |=> )"([a-z]+(?:-[a-z]+)+)"/g);
  expect(codes.length).toBeGreaterThan(40);
  expect(without('bundle', [...codes, ...found(sources(join(CORE, 'conduct/src')), /blank\("[a-z]+", Some\("([a-z_]+)"\)/g)])).toEqual([]);
});

test('what a check of the file finds', () => {
  const codes = found(sources(join(CORE, 'store/src/check')), /\.add\(\s*"([a-z_]+)"/g);
  expect(codes.length).toBeGreaterThan(15);
  expect(without('check', codes)).toEqual([]);
});

test('alerts on a subject', () => {
  const codes = found(sources(join(CORE, 'conduct/src')), /alerts\.push\("([a-z_]+)"/g);
  expect(codes.length).toBeGreaterThan(0);
  expect(without('alert', codes)).toEqual([]);
});
