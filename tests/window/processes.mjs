// Processes of a window test: started with their own log, found by parentage, ended by their id and nothing else.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

const started = new Set();

/** Starts a program whose output goes to a file: an inherited pipe would block whoever reads ours. */
export function launch(program, args, { env, log, extra }) {
  const out = openSync(log, 'a');
  const stdio = ['ignore', out, out];
  if (extra) stdio.push(extra);
  const child = spawn(program, args, { env, stdio });
  closeSync(out);
  child.failure = null;
  child.on('error', (cause) => {
    child.failure = new Error(`${program} could not be started (${cause.code}). tests/setup.sh test installs it.`);
  });
  child.on('exit', () => started.delete(child));
  started.add(child);
  return child;
}

/** The process and everything it started, parents first. */
export function family(pid) {
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(entry);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [];
  for (const wave = [pid]; wave.length > 0; ) {
    const next = wave.shift();
    found.push(next);
    wave.push(...(children.get(next) ?? []));
  }
  return found;
}

function parentOf(pid) {
  try {
    // The name in parentheses may hold spaces: the fields count from the last parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The moment a process started, so that a reused id is not taken for the old process; null if it is gone or a zombie. */
export function birth(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

/** The program file a process runs, or null. */
export function programOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch {
    return null;
  }
}

/** Proportional memory of these processes in MiB: shared pages are counted once among their users. */
export function memoryOf(pids) {
  let kib = 0;
  for (const pid of pids) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we were counting.
    }
  }
  return kib / 1024;
}

/** Asks each process (as `[pid, birth]`) to end, waits, and ends what is left. */
export async function end(processes, patience = 2000) {
  const alive = () => processes.filter(([pid, born]) => born !== null && birth(pid) === born);
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (const [pid] of alive()) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended by itself in between.
      }
    }
    const limit = Date.now() + patience;
    while (alive().length > 0 && Date.now() < limit) await pause(25);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A port of the loopback that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Whatever way this process ends, nothing it started stays behind.
process.on('exit', () => {
  for (const child of started) {
    for (const pid of family(child.pid).reverse()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  }
});
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(code));
