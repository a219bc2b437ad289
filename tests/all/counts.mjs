// Reads from what a tool said how many of its tests passed and failed.
import { existsSync, readFileSync } from 'node:fs';

/** Each command is one test. */
export function byCommand(_log, results) {
  return { passed: results.filter(Boolean).length, failed: results.filter((good) => !good).length };
}

/** `cargo test`: one `test result:` line per test binary. An ignored test has not been run, hence failed. */
export function cargoTests(log) {
  let passed = 0;
  let failed = 0;
  for (const [, good, bad, ignored] of log.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    passed += Number(good);
    failed += Number(bad) + Number(ignored);
  }
  return { passed, failed };
}

/** `node --test --test-reporter=tap`: the summary at the end. Skipped, cancelled and "todo" are failures. */
export function nodeTests(log) {
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(log)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail') + count('cancelled') + count('skipped') + count('todo') };
}

/** vitest's JSON report. A file that could not be loaded has no tests and counts as one failure. */
export function vitest(path) {
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const rest = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken + rest };
}
