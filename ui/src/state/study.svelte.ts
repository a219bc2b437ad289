// The study definition in force, with look-ups by OID.
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

let def = $state.raw<StudyDef | null>(null);
let items: ReadonlyMap<string, Found> = new Map();

export const study = {
  get def(): StudyDef | null {
    return def;
  },
  item(oid: string): Found | undefined {
    return def === null ? undefined : items.get(oid);
  },
  form(oid: string): FormDef | undefined {
    return def?.forms.find((f) => f.oid === oid);
  },
  visit(oid: string): VisitDef | undefined {
    return def?.visits.find((v) => v.oid === oid);
  },
  register(oid: string): RegisterDef | undefined {
    return def?.registers.find((r) => r.oid === oid);
  },
  codes(codelist: string): CodeDef[] {
    return def?.codelists.find((c) => c.oid === codelist)?.codes ?? [];
  },
  criterion(id: string): CriterionDef | undefined {
    return def?.criteria.find((c) => c.id === id);
  },
  decision(id: string): DecisionDef | undefined {
    return def?.decisions.find((d) => d.id === id);
  },
  statement(code: string): CodeDef | undefined {
    return def?.statements.find((s) => s.code === code);
  },
};

export function applyStudy(now: StudyDef | null): void {
  const found = new Map<string, Found>();
  for (const form of now?.forms ?? []) {
    for (const group of form.groups) for (const item of group.items) found.set(item.oid, { form, group, item });
  }
  items = found;
  def = now;
}

export async function loadStudy(): Promise<void> {
  applyStudy(await act('study_in_force', {}));
}
