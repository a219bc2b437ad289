import { expect, test } from 'vitest';
import { nextLogin } from '../../../src/screens/settings/logins';

const cases: [login: string, taken: string[], next: string][] = [
  ['nurse.li', ['nurse.li'], 'nurse.li2'],
  ['nurse.li', ['nurse.li', 'nurse.li2'], 'nurse.li3'],
  ['nurse.li2', ['nurse.li', 'nurse.li2'], 'nurse.li3'],
  ['nurse.li3', ['nurse.li3'], 'nurse.li2'],
  ['a'.repeat(32), [], `${'a'.repeat(31)}2`],
];

test.each(cases)('after %s, with %j taken, comes %s', (login, taken, next) => {
  expect(nextLogin(login, taken)).toBe(next);
});
