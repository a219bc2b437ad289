// A practice file for a test: made by the command line, with its device keys in the home that the window will use.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, makeHome } from './driver.mjs';

/** Makes the file; answers where it is, the home it is at home in, and everybody's password. */
export function practice({ subjects = 3, seed = 1 } = {}) {
  const home = makeHome();
  const share = join(home, 'share');
  mkdirSync(share, { recursive: true });
  const folder = join(home, 'practice');
  execFileSync(CLI, ['demo', '--seed', String(seed), '--subjects', String(subjects), folder], {
    env: { ...process.env, XDG_DATA_HOME: share },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    home,
    folder,
    file: join(folder, 'site.cartwright'),
    password: readFileSync(join(folder, 'password.txt'), 'utf8').trim(),
  };
}
