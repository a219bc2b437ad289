// Bundles in a folder as the demonstrations leave it, with the list of signers beside them.
// As a program (`node tests/all/bundles.mjs FOLDER`) it verifies each, with Cartwright and without.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesIn } from './files.mjs';

/** What a verifier is given for each bundle of the folder: the bundle, the list of signers, the site's name in it. */
export function bundles(folder) {
  const list = join(folder, 'allowed_signers');
  if (!existsSync(list)) throw new Error(`${list} is not there`);
  const lines = readFileSync(list, 'utf8').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  // Only a site signs checkpoints; people sign bundles too.
  const site = (lines.find((line) => line.includes('cartwright-checkpoint-v1')) ?? lines[0])?.split(' ')[0];
  if (site === undefined) throw new Error(`${list} names nobody`);
  const found = filesIn(folder, '.cwb.zip');
  if (found.length === 0) throw new Error(`no bundle (*.cwb.zip) in ${folder}`);
  return found.map((bundle) => [bundle, list, site]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [bundle, list, site] of bundles(process.argv[2])) {
    run('target/debug/cartwright-cli', 'verify', bundle, '--allowed-signers', list);
    run('bash', 'tests/verifiers/recipe.sh', bundle, list, site);
  }
}

function run(program, ...args) {
  console.log(`$ ${[program, ...args].join(' ')}`);
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.log(`✗ does not verify${error ? `: ${error.message}` : ''}`);
    process.exit(1);
  }
  console.log('✓ verifies');
}
