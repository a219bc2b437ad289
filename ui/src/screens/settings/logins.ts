// Log-in names: small letters, digits, dot and hyphen, 2 to 32 characters; never given twice.

const LONGEST = 32;

/** The next free name of somebody who had one: `nurse.li` goes on as `nurse.li2`, then `nurse.li3`. */
export function nextLogin(login: string, taken: string[]): string {
  const stem = login.replace(/\d+$/, '');
  for (let n = 2; ; n += 1) {
    const next = `${stem.slice(0, LONGEST - `${n}`.length)}${n}`;
    if (!taken.includes(next)) return next;
  }
}
