// Do generated files say what the code says?
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files.mjs';

const ADVICE = '`make bindings` writes them anew.';

/** The files of a folder with their contents. */
export function snapshot(folder) {
  if (!existsSync(folder)) return new Map();
  return new Map(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** True when `committed` holds exactly the files that were just generated into `fresh`. */
export function compareFolders(fresh, committed, say) {
  const made = snapshot(fresh);
  if (made.size === 0) {
    say(`Nothing was generated into ${fresh}: the tests that export bindings did not run.`);
    return false;
  }
  return compareSnapshots(snapshot(committed), made, committed, say);
}

/** True when both snapshots are the same; says each difference. */
export function compareSnapshots(old, now, folder, say) {
  const lines = [];
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    if (!now.has(path)) lines.push(`${folder}/${path}: nothing generates it any more.`);
    else if (!old.has(path)) lines.push(`${folder}/${path}: is missing.`);
    else if (old.get(path) !== now.get(path)) lines.push(`${folder}/${path}: differs from what the code generates.`);
  }
  for (const line of lines) say(`✗ ${line} ${ADVICE}`);
  if (lines.length === 0) say(`✓ ${folder}: ${now.size} files as generated`);
  return lines.length === 0;
}
