// The runner itself: what it takes for a pass, and what never slips through.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundles } from './bundles.mjs';
import { byCommand, cargoTests, nodeTests, vitest } from './counts.mjs';
import { compareFolders, compareSnapshots, snapshot } from './drift.mjs';

const folder = mkdtempSync(join(tmpdir(), 'runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('an ignored Rust test is not a pass', () => {
  const log = `
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`;
  assert.deepEqual(cargoTests(log), { passed: 15, failed: 3 });
  assert.deepEqual(cargoTests('error: could not compile'), { passed: 0, failed: 0 });
});

test('skipped, cancelled and todo window tests are not passes', () => {
  const log = '1..6\n# tests 6\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n';
  assert.deepEqual(nodeTests(log), { passed: 2, failed: 4 });
});

test('a page test that could not be loaded has failed', () => {
  const path = join(folder, 'vitest.json');
  const broken = { status: 'failed', assertionResults: [] };
  const counts = { numPassedTests: 4, numFailedTests: 1, numPendingTests: 1, numTodoTests: 0 };
  writeFileSync(path, JSON.stringify({ ...counts, testResults: [broken] }));
  assert.deepEqual(vitest(path), { passed: 4, failed: 3 });
  assert.deepEqual(vitest(join(folder, 'none.json')), { passed: 0, failed: 1 });
});

test('each command counts as one', () => {
  assert.deepEqual(byCommand('', [true, false, true]), { passed: 2, failed: 1 });
});

test('drift is a file more, a file less, or another text', () => {
  const old = new Map([['a.ts', '1'], ['b.ts', '2'], ['c.ts', '3']]);
  const now = new Map([['a.ts', '1'], ['b.ts', '9'], ['d.ts', '4']]);
  const said = [];
  assert.equal(compareSnapshots(old, now, 'x', (line) => said.push(line)), false);
  assert.deepEqual(said.map((line) => line.slice(2, 8)), ['x/b.ts', 'x/c.ts', 'x/d.ts']);
  assert.equal(compareSnapshots(old, old, 'x', () => undefined), true);
  assert.equal(compareFolders(join(folder, 'nothing'), folder, () => undefined), false);
  assert.ok(snapshot(folder).has('vitest.json'));
});

test('a demonstration without a bundle or a list of signers does not verify', () => {
  assert.throws(() => bundles(folder), /allowed_signers is not there/);
  const people = 'ann@site namespaces="cartwright-bundle-v1" ssh-ed25519 AAAA\n';
  const site = 'site:1 namespaces="cartwright-bundle-v1,cartwright-checkpoint-v1" ssh-ed25519 BBBB\n';
  writeFileSync(join(folder, 'allowed_signers'), people + site);
  assert.throws(() => bundles(folder), /no bundle/);
  writeFileSync(join(folder, 'x.cwb.zip'), '');
  assert.deepEqual(bundles(folder), [[join(folder, 'x.cwb.zip'), join(folder, 'allowed_signers'), 'site:1']]);
});
