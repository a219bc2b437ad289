// Before the lock falls or the window goes, whoever holds typed text gets a moment to put it into the file.
export interface Leaving {
  /** What to wait for: promises of `keep_unfinished`. */
  wait: Promise<unknown>[];
}

export const LEAVING = 'cartwright:leaving';

/** Asks everybody, waits for all; a text that could not be kept never keeps the lock open. */
export async function leaving(): Promise<void> {
  const detail: Leaving = { wait: [] };
  window.dispatchEvent(new CustomEvent<Leaving>(LEAVING, { detail }));
  await Promise.allSettled(detail.wait);
}
