// Proposes passwords that a person can type: four words of 2,048 (44 bits) or five groups of four digits (66 bits).
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** An even draw below `limit`. */
function draw(limit: number): number {
  const space = Math.floor(2 ** 32 / limit) * limit;
  const one = new Uint32Array(1);
  for (;;) {
    crypto.getRandomValues(one);
    const number = one[0] ?? space;
    if (number < space) return number % limit;
  }
}

/** Four words; drawn again while they are shorter than a password may be. */
export function fourWords(): string {
  for (;;) {
    const words = Array.from({ length: 4 }, () => wordlist[draw(wordlist.length)] ?? '').join(' ');
    if (words.length >= 18) return words;
  }
}

export function fiveTimesFourDigits(): string {
  return Array.from({ length: 5 }, () => String(draw(10_000)).padStart(4, '0')).join(' ');
}
