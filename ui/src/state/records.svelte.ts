// The site's registers as read last: what their records are called and what tells them apart. Read with the log-in, and
// again wherever records are listed or chosen from.
import type { RecordView } from '../bindings/RecordView';
import type { RegisterView } from '../bindings/RegisterView';
import { act } from '../core';

let registers = $state.raw<readonly RegisterView[]>([]);
let places = $state.raw<ReadonlyMap<string, RecordView>>(new Map());
let latest = 0;

export const records = {
  register(oid: string): RegisterView | undefined {
    return registers.find((r) => r.register === oid);
  },
  at(form: string): RecordView | undefined {
    return places.get(form);
  },
  /** The record with a code. */
  named(register: string, name: string): RecordView | undefined {
    return this.register(register)?.records.find((record) => record.name === name.trim());
  },
};

function show(now: readonly RegisterView[]): void {
  registers = now;
  places = new Map(now.flatMap((r) => r.records.map((record) => [record.form, record] as const)));
}

/** Reads them; on failure what was read before stays. */
export async function readRecords(): Promise<void> {
  const mine = ++latest;
  try {
    const now = (await act('registers', { register: null })).registers;
    if (mine === latest) show(now);
  } catch {
    // Records are then shown by their number, and no list is offered where one is named.
  }
}

export function forgetRecords(): void {
  latest += 1;
  show([]);
}
