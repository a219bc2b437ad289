// Runs every suite, one after another: `node tests/all.mjs`, or only some: `node tests/all.mjs cargo window`.
// Prints one line per suite and closes with `N passed, N failed`. What a suite says goes to target/test-logs/.
// A suite that ran nothing has failed: there is no silent skip.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finished } from 'node:stream/promises';
import { bundles } from './all/bundles.mjs';
import { compareFolders, compareSnapshots, snapshot } from './all/drift.mjs';
import { byCommand, cargoTests, nodeTests, vitest } from './all/counts.mjs';
import { filesIn } from './all/files.mjs';

const TOP = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(TOP);

const LOGS = 'target/test-logs';
const FRESH = join(TOP, 'target/bindings');
const DEMO = 'target/verifiers';
const PRACTICE = 'target/site-file';
const FEATURES = 'cartwright/custom-protocol';
// What a run from nothing leaves in target/ and ui/, with incremental builds.
const ROOM_GB = 13;
const before = {};

/**
 * A suite: `needs` must exist; `prepare` are commands that only make ready; `run` are commands that test;
 * `count(log, results)` reads passed and failed from what they said. `check` is a suite in this process instead.
 * `minutes` is when a suite counts as stuck.
 */
const suites = [
  {
    name: 'runner',
    needs: ['tests/all'],
    run: () => [['node', '--test', '--test-reporter=tap', ...some('tests/all', '.test.mjs')]],
    count: nodeTests,
  },
  {
    name: 'rustfmt',
    needs: ['Cargo.toml'],
    run: [['cargo', 'fmt', '--all', '--check', '--', '--color', 'never']],
    count: byCommand,
  },
  {
    name: 'svelte-check',
    needs: ['ui/package.json', 'ui/node_modules'],
    run: [['npm', '--prefix', 'ui', 'run', 'check']],
    count: byCommand,
  },
  {
    name: 'vitest',
    needs: ['ui/node_modules/.bin/vitest'],
    // The words of both languages become modules first.
    prepare: [['npm', 'run', '--if-present', 'words']],
    run: [
      ['node_modules/.bin/vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${TOP}/${LOGS}/vitest.json`],
    ],
    cwd: 'ui',
    count: () => vitest(`${LOGS}/vitest.json`),
  },
  {
    name: 'clippy',
    needs: ['Cargo.toml', 'tauri.conf.json'],
    // The shell embeds the pages while it compiles.
    prepare: [['make', '--no-print-directory', 'pages']],
    minutes: 45,
    run: [
      ['cargo', 'clippy', '--workspace', '--all-targets', '--features', `${FEATURES},cartwright/automation`, '--', '-D', 'warnings'],
    ],
    count: byCommand,
  },
  {
    name: 'cargo',
    needs: ['Cargo.toml', 'tauri.conf.json'],
    prepare: [['make', '--no-print-directory', 'pages']],
    run: [['cargo', 'test', '--workspace', '--no-fail-fast', '--features', FEATURES]],
    minutes: 45,
    // The tests write the bindings anew, beside the committed ones, so that the next suite can compare.
    env: { TS_RS_EXPORT_DIR: FRESH },
    begin() {
      rmSync(FRESH, { recursive: true, force: true });
      before.permissions = snapshot('src-tauri/permissions');
    },
    count: cargoTests,
  },
  {
    name: 'drift',
    needs: ['ui/src/bindings', 'src-tauri/permissions'],
    after: 'cargo',
    check: (say) => [
      compareFolders(FRESH, 'ui/src/bindings', say),
      compareSnapshots(before.permissions, snapshot('src-tauri/permissions'), 'src-tauri/permissions', say),
    ],
  },
  {
    name: 'window',
    needs: ['tests/window', 'tauri.conf.json'],
    prepare: [['make', '--no-print-directory', 'window']],
    run: () => [
      ['node', '--test', '--test-concurrency=1', '--test-reporter=tap', ...some('tests/window', '.test.mjs')],
    ],
    begin: () => rmSync('target/window/logs', { recursive: true, force: true }),
    minutes: 40,
    count: nodeTests,
  },
  {
    name: 'verifiers',
    needs: ['tests/verifiers'],
    prepare: [
      // Builds the command line with the shell, as for the window: alone it would be another variant of every crate.
      ['make', '--no-print-directory', 'window'],
      ['rm', '-rf', DEMO],
      ['target/debug/cartwright-cli', 'demo', '--seed', '1', '--subjects', '3', DEMO],
    ],
    run: () => [
      ...some('tests/verifiers', '.sh').flatMap((script) => bundles(DEMO).map((given) => ['bash', script, ...given])),
      ['python', 'tests/verifiers/metadata.py'],
    ],
    env: { PATH: `${TOP}/target/venv/bin:${TOP}/target/debug:${process.env.PATH}` },
    named: true,
    count: byCommand,
  },
  {
    name: 'statistics',
    needs: ['tests/verifiers/check_statistics.py', 'target/venv/bin/python'],
    prepare: [['cargo', 'build', '-p', 'endpoints', '--example', 'survival']],
    run: [['target/venv/bin/python', 'tests/verifiers/check_statistics.py', 'target/debug/examples/survival']],
    // It closes as `cargo test` does.
    count: cargoTests,
  },
  {
    // Somebody else's SQLCipher opens a site file: keys from the password, integrity, chain, signatures.
    name: 'site-file',
    needs: ['tests/verifiers/site-file/open.py', 'target/venv/bin/python'],
    prepare: [
      ['make', '--no-print-directory', 'window'],
      ['rm', '-rf', PRACTICE],
      ['target/debug/cartwright-cli', 'demo', '--seed', '1', '--subjects', '1', PRACTICE],
    ],
    run: ['nurse.li', 'admin.zhao'].map((login) => [
      'target/venv/bin/python', 'tests/verifiers/site-file/open.py', `${PRACTICE}/site.cartwright`, login, `${PRACTICE}/password.txt`,
    ]),
    count: byCommand,
  },
  {
    // A disk that fills up and is freed again, really mounted. Where nobody may mount, the line says that it did not run.
    name: 'small-disk',
    needs: ['src-tauri/store/tests/all/disk.rs'],
    run: [['cargo', 'test', '--workspace', '--features', FEATURES, '--test', 'all', 'a_full_disk', '--', '--nocapture']],
    env: process.getuid?.() === 0 ? { CARTWRIGHT_MAY_MOUNT: '1' } : {},
    loud: /NOT RUN.*/g,
    count: cargoTests,
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${suites.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

mkdirSync(LOGS, { recursive: true });
let passed = 0;
let failed = 0;
for (const suite of chosen) {
  const begun = performance.now();
  const result = await runSuite(suite);
  passed += result.passed;
  failed += result.failed;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const counts = `${String(result.passed).padStart(5)} passed ${String(result.failed).padStart(4)} failed`;
  console.log(`${result.failed > 0 ? '✗' : '✓'} ${suite.name.padEnd(14)}${counts} ${seconds.padStart(7)} s`);
  for (const line of result.words) console.log(`    ${line}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** The files of a folder, of which there must be some. */
function some(folder, ending) {
  const files = filesIn(folder, ending);
  if (files.length === 0) throw new Error(`no *${ending} in ${folder}`);
  return files;
}

async function runSuite(suite) {
  const path = `${LOGS}/${suite.name}.log`;
  const log = createWriteStream(path);
  log.on('error', (cause) => noLog(path, cause));
  const say = (line) => log.write(`${line}\n`);
  const words = [];
  let outcome = { passed: 0, failed: 0 };
  try {
    const absent = (suite.needs ?? []).filter((each) => !existsSync(each));
    if (absent.length > 0) throw new Error(`not there: ${absent.join(', ')}`);
    if (suite.after && before.permissions === undefined) throw new Error(`runs only after the suite ${suite.after}`);
    suite.begin?.();
    if (suite.check) {
      const results = suite.check(say);
      outcome = { passed: results.filter(Boolean).length, failed: results.filter((good) => !good).length };
    } else {
      outcome = await runCommands(suite, log, say, words, path);
    }
    if (outcome.passed + outcome.failed === 0) throw new Error('ran no test at all');
  } catch (cause) {
    say(cause.stack);
    words.push(cause.message);
    outcome.failed += 1;
  }
  log.end();
  await finished(log);
  if (outcome.failed > 0) words.push(`from ${path}:`, ...tail(path));
  return { ...outcome, words };
}

/** Without its log a suite cannot be counted: says why, above all when the disk is full, and ends the run as failed. */
function noLog(path, cause) {
  const { bavail, bsize } = statfsSync(TOP);
  console.error(`✗ ${path} cannot be written: ${cause.message}`);
  console.error(`    ${(bavail * bsize / 1e9).toFixed(1)} GB are free where target/ lies; a run from nothing needs about ${ROOM_GB} GB.`);
  process.exit(1);
}

async function runCommands(suite, log, say, words, path) {
  for (const command of suite.prepare ?? []) {
    say(`$ ${command.join(' ')}`);
    const code = await execute(command, suite, log);
    if (code !== 0) throw new Error(`making ready failed: ${command.join(' ')}`);
  }
  const commands = typeof suite.run === 'function' ? suite.run() : suite.run;
  const results = [];
  for (const command of commands) {
    say(`$ ${command.join(' ')}`);
    const begun = performance.now();
    const good = (await execute(command, suite, log)) === 0;
    results.push(good);
    if (suite.named) words.push(`${good ? '✓' : '✗'} ${command[1]} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }
  await new Promise((done) => log.write('', done));
  const said = readFileSync(path, 'utf8');
  if (suite.loud) words.push(...(said.match(suite.loud) ?? []));
  const counted = suite.count(said, results);
  // A command that failed without counting a failure broke before its tests: that is one.
  if (counted.failed === 0 && results.includes(false)) counted.failed = 1;
  return counted;
}

/** Runs one command with its output in the log; gives its exit code, or null when it had to be stopped. */
function execute([program, ...args], { cwd, env, minutes = 20 }, log) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      // A group of its own, so that a stuck command is stopped with all that it started.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CARGO_TERM_COLOR: 'never', NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    });
    const stop = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It is gone.
      }
    };
    const limit = setTimeout(() => {
      log.write(`\nstopped: no end after ${minutes} minutes\n`);
      stop();
    }, minutes * 60_000);
    const interrupted = () => {
      stop();
      process.exit(130);
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    child.stdout.on('data', (chunk) => log.write(chunk));
    child.stderr.on('data', (chunk) => log.write(chunk));
    const ended = (code) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      done(code);
    };
    child.on('error', (cause) => {
      log.write(`${program}: ${cause.message}\n`);
      ended(null);
    });
    // "exit", not "close": something left behind by a test may hold the pipe open.
    child.on('exit', (code) => setTimeout(ended, 50, code));
  });
}

/** The lines of a log that tell most: those that speak of failure, what a test of Node said of its own, else the last. */
function tail(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const speaks = /^(error|warning: unused|test .* FAILED|\s*not ok|thread '.*' panicked|✗|FAIL)/;
  const telling = lines.flatMap((line, at) => {
    if (!speaks.test(line)) return [];
    return /^\s*not ok/.test(line) ? [line, ...reason(lines, at)] : [line];
  });
  const last = lines.slice(telling.length > 2 ? -4 : -15);
  return [...new Set(telling)].slice(0, 40).concat('…', last).map((line) => `  ${line.slice(0, 220)}`);
}

/** Why a test failed, in TAP: what stands between `error:` and `code:` below its line. */
function reason(lines, at) {
  const block = lines.slice(at + 1, at + 40);
  const end = block.findIndex((line) => /^\s*(code|name|stack):/.test(line));
  const from = block.findIndex((line) => /^\s*error:/.test(line));
  return from < 0 || end < from ? [] : block.slice(from, Math.min(end, from + 8));
}
