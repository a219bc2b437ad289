// Files of a folder, sorted, so that runs are alike on every machine.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files right in `folder` whose names end in `ending`. */
export function filesIn(folder, ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Every file below `folder`, as paths relative to it. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}
