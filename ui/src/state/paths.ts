// Where something stands in a casebook, taken apart for showing and for addresses.
// `SUBJECT/VISIT[n]/FORM[n]/GROUP[row]/ITEM`; `[1]` is not written.

/** Stands where a subject would: the records of the site's registers. */
export const SITE = 'SITE';

export interface Place {
  subject: string;
  visit: string;
  visitNo: number;
  form: string;
  formNo: number;
  group: string | null;
  row: number;
  item: string | null;
  /** `SUBJECT/VISIT[n]/FORM[n]` */
  formPath: string;
}

function numbered(part: string | undefined): [string, number] {
  const found = /^(.*)\[(\d+)\]$/.exec(part ?? '');
  return found === null ? [part ?? '', 1] : [found[1] ?? '', Number(found[2])];
}

export function placeOf(path: string): Place {
  const [subject = '', visitPart, formPart, groupPart, item] = path.split('/');
  const [visit, visitNo] = numbered(visitPart);
  const [form, formNo] = numbered(formPart);
  const [group, row] = numbered(groupPart);
  return {
    subject,
    visit,
    visitNo,
    form,
    formNo,
    group: groupPart === undefined ? null : group,
    row,
    item: item ?? null,
    formPath: path.split('/').slice(0, 3).join('/'),
  };
}

/** `SUBJECT/VISIT[n]/FORM[n]` from its parts. */
export function formPathOf(subject: string, visit: string, visitNo: number, form: string, formNo = 1): string {
  const n = (no: number) => (no > 1 ? `[${no}]` : '');
  return `${subject}/${visit}${n(visitNo)}/${form}${n(formNo)}`;
}
