// One virtual display per test process, chosen by Xvfb itself so that parallel runs never meet.
import { birth, end, launch, pause } from './processes.mjs';

let display = null;

/** The name of the virtual display (":99"), started on first use. */
export function virtualDisplay(log) {
  display ??= begin(log);
  return display.then(({ name }) => name);
}

async function begin(log) {
  const server = launch('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    env: process.env,
    log,
    extra: 'pipe',
  });
  let said = '';
  server.stdio[3].on('data', (chunk) => (said += chunk));
  const limit = Date.now() + 20_000;
  while (!said.includes('\n')) {
    if (server.failure) throw server.failure;
    if (server.exitCode !== null || Date.now() > limit) throw new Error(`Xvfb gave no display; see ${log}`);
    await pause(20);
  }
  server.stdio[3].destroy();
  server.unref();
  return { name: `:${said.trim()}`, server };
}

/** Ends the virtual display. Called when the last test of a file is done; the end of the process does it too. */
export async function endDisplay() {
  if (display === null) return;
  const { server } = await display;
  display = null;
  await end([[server.pid, birth(server.pid)]]);
}
