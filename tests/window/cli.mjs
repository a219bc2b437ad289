// The command line in somebody's home, beside the window.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CLI } from './driver.mjs';

/** Runs the command line in a home; a password goes in by a file. */
export function cli(home, args, password) {
  const env = { ...process.env, XDG_DATA_HOME: join(home, 'share') };
  const script = 'exec "$0" "$@" --password-file <(printf "%s\\n" "$WORD")';
  return spawnSync('bash', ['-c', script, CLI, ...args], { env: { ...env, WORD: password }, encoding: 'utf8' });
}

/** Takes a bundle in where its sender is not known yet: the fingerprint is compared, then named. */
export async function takeIn(home, file, bundle, user, password) {
  const args = ['import', file, bundle, '--user', user];
  // The window that was closed lets go of the file a moment later.
  let unknown;
  for (let turn = 0; turn < 20; turn += 1) {
    unknown = cli(home, args, password);
    if (/SHA256:/.test(unknown.stderr)) break;
    await new Promise((later) => setTimeout(later, 500));
  }
  assert.equal(unknown.status, 2, unknown.stdout);
  assert.match(unknown.stderr, /SHA256:/);
  const [print] = /SHA256:[A-Za-z0-9+/]+/.exec(unknown.stderr);
  const taken = cli(home, [...args, '--fingerprint', print], password);
  assert.equal(taken.status, 0, taken.stderr);
}
