// A core in memory for one form: reads as the real one does (full-width digits, `t`), refuses what is no number, asks
// for reasons, and can be made to answer late.
import type { DerivedView } from '../../../src/bindings/DerivedView';
import type { EnterValue } from '../../../src/bindings/EnterValue';
import type { FormView } from '../../../src/bindings/FormView';
import type { ItemDef } from '../../../src/bindings/ItemDef';
import type { ItemView } from '../../../src/bindings/ItemView';
import type { KeepUnfinished } from '../../../src/bindings/KeepUnfinished';
import type { UnfinishedView } from '../../../src/bindings/UnfinishedView';
import type { Problem } from '../../../src/bindings/Problem';
import type { QueryView } from '../../../src/bindings/QueryView';
import type { Value } from '../../../src/bindings/Value';
import { STUDY } from './study';

export const FORM = 'S-001/SCR/VS';
const SAVED = { at: '2026-11-22T06:03:22.000Z', offset: '+08:00' };

function refuse(code: string, facts: [string, string][] = []): Problem {
  return { kind: 'refusal', code, facts };
}

function read(def: ItemDef, asked: EnterValue): Value | null {
  if (asked.missing !== null) return { type: 'missing', missing: asked.missing };
  const text = asked.text.trim();
  switch (def.kind.kind) {
    case 'code':
      return asked.codes[0] === undefined ? null : { type: 'code', code: asked.codes[0] };
    case 'codes':
      return asked.codes.length === 0 ? null : { type: 'codes', codes: asked.codes };
    case 'integer':
    case 'decimal': {
      if (text === '') return null;
      const number = text.normalize('NFKC');
      if (!/^\d+(\.\d+)?$/.test(number)) throw refuse('input_not_a_number');
      if (asked.unit === null && def.kind.units.length > 0)
        throw refuse('input_unit_needed', [['allowed', def.kind.units.join(', ')]]);
      return asked.unit === null ? { type: 'number', number } : { type: 'number', number, unit: asked.unit };
    }
    case 'date':
      if (text === '') return null;
      return { type: 'date', date: text === 't' ? '2026-11-22' : text };
    default:
      return text === '' ? null : { type: 'text', text };
  }
}

export class MockCore {
  readonly values = new Map<string, { value: Value | null; version: number; byHand: boolean }>();
  readonly unfinished = new Map<string, UnfinishedView>();
  readonly queries = new Map<string, QueryView[]>();
  /** Questions about rows that were taken out. */
  removed: QueryView[] = [];
  readonly asked: { name: string; request: unknown }[] = [];
  complete = false;
  mayEnter: string | null = null;
  hidesWhenNo = false;
  derived: DerivedView | null = null;
  /** Rows of the repeating group. */
  rows: number[] = [];
  nextRow = 1;
  #gates: (() => void)[] = [];
  #held = 0;

  /** The next answers wait until `release`. */
  hold(answers = 1): void {
    this.#held += answers;
  }
  release(): void {
    this.#gates.shift()?.();
  }

  async answer(name: string, request: unknown): Promise<unknown> {
    this.asked.push({ name, request });
    const outcome = this.#settle(name, request);
    if (this.#held > 0 && name === 'enter_value') {
      this.#held -= 1;
      await new Promise<void>((open) => this.#gates.push(open));
    }
    if (outcome.problem !== null) throw outcome.problem;
    return outcome.answer;
  }

  #settle(name: string, request: unknown): { answer: unknown; problem: Problem | null } {
    try {
      return { answer: this.#act(name, request as never), problem: null };
    } catch (problem) {
      return { answer: null, problem: problem as Problem };
    }
  }

  #act(name: string, request: never): unknown {
    switch (name) {
      case 'form':
        return this.view();
      case 'subject':
        return { row: {}, lot: null, infusion: null, visits: [], alerts: [] };
      case 'enter_value':
        return this.#enter(request);
      case 'keep_unfinished': {
        const { path, typed } = request as KeepUnfinished;
        if (typed === null) this.unfinished.delete(path);
        else this.unfinished.set(path, typed);
        return { kept: typed !== null };
      }
      case 'complete_form':
        this.complete = true;
        return this.view();
      case 'raise_query': {
        const { path, text } = request as { path: string; text: string };
        const query: QueryView = {
          query: 'Q1',
          path,
          state: 'open',
          version: 1,
          version_now: 1,
          row_removed: false,
          thread: [{ act: 'opened', by: 'M. Onitor', role: 'monitor', when: SAVED, text, redacted: false }],
          conflict: null,
          crossing: null,
          age_days: 0,
          may: ['close'],
        };
        this.queries.set(path, [query]);
        return query;
      }
      case 'answer_query': {
        const { query, text } = request as { query: string; text: string };
        const said = { act: 'answered', by: 'N. Urse', role: 'nurse' as const, when: SAVED, text, redacted: false };
        this.removed = this.removed.map((q) => (q.query === query ? { ...q, state: 'answered', may: [], thread: [...q.thread, said] } : q));
        return this.removed.find((q) => q.query === query);
      }
      default:
        throw refuse('no_such_command', [['command', name]]);
    }
  }

  #enter(asked: EnterValue): FormView {
    const oid = asked.path.split('/')[4] ?? '';
    const def = STUDY.forms[0]?.groups.flatMap((g) => g.items).find((i) => i.oid === oid);
    if (def === undefined) throw refuse('no_such_item');
    const value = read(def, asked);
    if (this.complete && asked.reason === null) throw refuse('reason_due');
    if (this.hidesWhenNo && oid === 'VS.SICK' && asked.codes[0] === 'N' && !asked.hide_answers)
      throw refuse('hides_answers', [['items', 'VS.WHAT']]);
    const row = /\[(\d+)\]/.exec(asked.path.split('/')[3] ?? '')?.[1];
    if (asked.path.includes('/ROWS')) {
      const no = row === undefined ? 1 : Number(row);
      if (!this.rows.includes(no)) this.rows.push(no);
      this.nextRow = Math.max(this.nextRow, no + 1);
    }
    const before = this.values.get(asked.path);
    this.values.set(asked.path, { value, version: (before?.version ?? 0) + 1, byHand: asked.by_hand });
    this.unfinished.delete(asked.path);
    return this.view();
  }

  item(group: string, row: number, def: ItemDef): ItemView {
    const path = `${FORM}/${group}${row > 1 ? `[${row}]` : ''}/${def.oid}`;
    const stored = this.values.get(path);
    const sick = this.values.get(`${FORM}/MAIN/VS.SICK`)?.value;
    return {
      path,
      shown: def.when === undefined || (sick?.type === 'code' && sick.code === 'Y'),
      broken: null,
      value: stored?.value ?? null,
      version: stored?.version ?? 0,
      by_hand: stored?.byHand ?? false,
      under: null,
      canonical: null,
      normal: null,
      unfinished: this.unfinished.get(path) ?? null,
      verification: 'none',
      queries: this.queries.get(path) ?? [],
      findings: [],
      derived: def.kind.kind === 'derived' ? this.derived : null,
    };
  }

  view(): FormView {
    const form = STUDY.forms[0];
    return {
      version: '1.0',
      retired: [],
      removed_queries: this.removed,
      form: FORM,
      state: this.complete ? 'complete' : 'started',
      may_enter: this.mayEnter,
      may_complete: null,
      may_reopen: null,
      reason_due: this.complete,
      groups: (form?.groups ?? []).map((group) => ({
        group: group.oid,
        shown: true,
        rows: (group.repeats ? this.rows : [1]).map((row) => ({
          row,
          items: group.items.map((def) => this.item(group.oid, row, def)),
        })),
        next_row: group.repeats ? this.nextRow : 2,
      })),
      blockers: [],
      identity: [],
      identity_result: 'not_evaluable',
      signatures: [],
      idle_minutes: 10,
      saved: SAVED,
    };
  }
}
