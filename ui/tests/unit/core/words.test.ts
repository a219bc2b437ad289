import { beforeEach, expect, test } from 'vitest';
import { format, keyOf, problemWords, useLocale, words, wordsOrNull } from '../../../src/i18n';

beforeEach(() => useLocale('en'));

test('a code without words is shown as itself, not hidden and not a crash', () => {
  expect(words('refusal', 'never_heard_of')).toBe('‹never_heard_of›');
  expect(wordsOrNull('refusal', 'never_heard_of')).toBeNull();
  const said = problemWords({ kind: 'refusal', code: 'never_heard_of', facts: [['item', 'X']] });
  expect(said.known).toBe(false);
  expect(said.more).toContain('item: X');
});

test('codes with dots and hyphens find their key', () => {
  expect(keyOf('rule', 'C1.pressors')).toBe('rule_C1_pressors');
  expect(words('bundle', 'manifest-hash')).toBe('A file differs from what was signed.');
});

test('a refusal says what happened and what to do, with its facts, in the language chosen', () => {
  const refusal = { kind: 'refusal', code: 'wait', facts: [['seconds', '8']] } as const;
  const problem = { ...refusal, facts: [...refusal.facts.map(([k, v]): [string, string] => [k, v])] };
  expect(problemWords(problem)).toEqual({ title: 'Too many wrong passwords; this try was not heard.', more: 'Wait 8 s, then try again.', known: true });
  useLocale('zh-Hans');
  expect(problemWords(problem).more).toBe('请等待 8 秒后重试。');
});

test('a fact that the core did not send reads as a dash', () => {
  expect(words('refusal', 'no_such_subject')).not.toContain('undefined');
});

test('facts that are codes are said in words', () => {
  const said = problemWords({ kind: 'refusal', code: 'query_state', facts: [['state', 'answered']] });
  expect(said.title).toContain('Answered');
  const why = problemWords({ kind: 'refusal', code: 'read_only', facts: [['why', 'older']] });
  expect(why.title).toContain('newer state');
});

test('dates read as people write them, partial ones stay partial', () => {
  expect(format.date('2026-11-22')).toBe('22 Nov 2026');
  expect(format.date('2026-11')).toBe('Nov 2026');
  expect(format.date('1992')).toBe('1992');
  expect(format.date('as typed')).toBe('as typed');
  useLocale('zh-Hans');
  expect(format.date('2026-11-02')).toBe('2026年11月2日');
});

test('a moment is said at the offset of the device that made it', () => {
  expect(format.moment({ at: '2026-11-22T18:03:22.000Z', offset: '+08:00' })).toBe('23 Nov 2026, 02:03');
  expect(format.momentInFull({ at: '2026-11-22T06:03:22.000Z', offset: '-03:30' })).toBe('22 Nov 2026, 02:33:22 (UTC-03:30)');
});

test('of a span the year is said once, and whole where the years differ', () => {
  useLocale('en');
  expect(format.span('2026-11-27', '2026-12-25')).toBe('27 Nov – 25 Dec 2026');
  expect(format.span('2026-12-27', '2027-01-03')).toBe('27 Dec 2026 – 3 Jan 2027');
  expect(format.span('2026-11-27', '2026-11-27')).toBe('27 Nov 2026');
  expect(format.span('2026', '2026-12-25')).toBe('2026 – 25 Dec 2026');
  useLocale('zh-Hans');
  expect(format.span('2026-11-27', '2026-12-25')).toBe('2026年11月27日 – 12月25日');
});
