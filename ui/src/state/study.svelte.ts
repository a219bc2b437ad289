// Study definitions in force, with look-ups by OID. A casebook is read by the version that its subject is under; what
// that version does not know any more is found in the others.
import { untrack } from 'svelte';
import type { CodeDef } from '../bindings/CodeDef';
import type { CriterionDef } from '../bindings/CriterionDef';
import type { DecisionDef } from '../bindings/DecisionDef';
import type { FormDef } from '../bindings/FormDef';
import type { ItemDef } from '../bindings/ItemDef';
import type { ItemGroupDef } from '../bindings/ItemGroupDef';
import type { RegisterDef } from '../bindings/RegisterDef';
import type { StudyDef } from '../bindings/StudyDef';
import type { VisitDef } from '../bindings/VisitDef';
import { act } from '../core';

interface Found {
  form: FormDef;
  group: ItemGroupDef;
  item: ItemDef;
}

interface Edition {
  def: StudyDef;
  items: ReadonlyMap<string, Found>;
}

/** Versions in force, the oldest first. */
let all = $state.raw<readonly Edition[]>([]);
/** The version of the casebook that is open. */
let looked = $state.raw<string | null>(null);
/** The version looked at, else the newest; behind it the others, the newest first. */
const order = $derived.by((): readonly Edition[] => {
  const newestFirst = [...all].reverse();
  const first = newestFirst.find((one) => one.def.version === looked);
  return first === undefined ? newestFirst : [first, ...newestFirst.filter((one) => one !== first)];
});

function find<T>(look: (one: Edition) => T | undefined): T | undefined {
  for (const one of order) {
    const found = look(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const study = {
  get def(): StudyDef | null {
    return order[0]?.def ?? null;
  },
  item(oid: string): Found | undefined {
    return find((one) => one.items.get(oid));
  },
  form(oid: string): FormDef | undefined {
    return find(({ def }) => def.forms.find((f) => f.oid === oid));
  },
  visit(oid: string): VisitDef | undefined {
    return find(({ def }) => def.visits.find((v) => v.oid === oid));
  },
  register(oid: string): RegisterDef | undefined {
    return find(({ def }) => def.registers.find((r) => r.oid === oid));
  },
  codes(codelist: string): CodeDef[] {
    return find(({ def }) => def.codelists.find((c) => c.oid === codelist)?.codes) ?? [];
  },
  criterion(id: string): CriterionDef | undefined {
    return find(({ def }) => def.criteria.find((c) => c.id === id));
  },
  decision(id: string): DecisionDef | undefined {
    return find(({ def }) => def.decisions.find((d) => d.id === id));
  },
  statement(code: string): CodeDef | undefined {
    return find(({ def }) => def.statements.find((s) => s.code === code));
  },
};

function edition(def: StudyDef): Edition {
  const items = new Map<string, Found>();
  for (const form of def.forms) {
    for (const group of form.groups) for (const item of group.items) items.set(item.oid, { form, group, item });
  }
  return { def, items };
}

/** A casebook under a version is on the screen; `null`: none is. */
export function lookAt(version: string | null): void {
  looked = version;
}

export function applyStudy(...now: readonly (StudyDef | null)[]): void {
  all = now.filter((def) => def !== null).map(edition);
}

/** Fetches the versions in force that are not here yet. */
export async function loadStudy(versions: readonly string[]): Promise<void> {
  const here = untrack(() => all);
  const known = (version: string) => here.find((one) => one.def.version === version)?.def;
  applyStudy(...(await Promise.all(versions.map((version) => known(version) ?? act('study_in_force', { version })))));
}
