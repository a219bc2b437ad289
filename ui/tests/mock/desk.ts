// A small desk in memory, built on the bindings: one synthetic site with three subjects, for tests of the screens and
// for looking at them. It decides nothing that the real core decides; it only answers in the right shapes.
import type { AuditEntryView } from '../../src/bindings/AuditEntryView';
import type { Change } from '../../src/bindings/Change';
import type { Commands } from '../../src/bindings/Commands';
import type { DeviceView } from '../../src/bindings/DeviceView';
import type { FormStateView } from '../../src/bindings/FormStateView';
import type { PeopleView } from '../../src/bindings/PeopleView';
import type { PersonView } from '../../src/bindings/PersonView';
import type { Problem } from '../../src/bindings/Problem';
import type { QueryView } from '../../src/bindings/QueryView';
import type { ReviewItemView } from '../../src/bindings/ReviewItemView';
import type { ReviewView } from '../../src/bindings/ReviewView';
import type { Role } from '../../src/bindings/Role';
import type { SessionView } from '../../src/bindings/SessionView';
import type { SignatureView } from '../../src/bindings/SignatureView';
import type { SiteView } from '../../src/bindings/SiteView';
import type { StatusView } from '../../src/bindings/StatusView';
import type { StudyDef } from '../../src/bindings/StudyDef';
import type { SubjectRowView } from '../../src/bindings/SubjectRowView';
import type { SoundnessView } from '../../src/bindings/SoundnessView';
import type { SubjectView } from '../../src/bindings/SubjectView';
import type { VersionsView } from '../../src/bindings/VersionsView';

type Answers = { [K in keyof Commands]?: (request: Commands[K]['request']) => Commands[K]['answer'] };

const WORDS = 'orbit lemon cactus harvest tunnel violin marble acid renew sister pulp gospel';
const PRINT = 'SHA256:7mJq0o3bq2zOeE0hNvI4rVQ0cWm8s2q9i8cY1nQ9x3E';
export const PASSWORD = 'correct horse battery staple';

export function at(time: string, day = '2026-11-22'): { at: string; offset: string } {
  return { at: `${day}T${time}.000Z`, offset: '+08:00' };
}

export function refuse(code: string, facts: [string, string][] = []): never {
  const problem: Problem = { kind: 'refusal', code, facts };
  throw problem;
}

const READS = ['drafts', 'access', 'backups', 'key_sheet', 'people', 'study_in_force', 'today', 'subjects', 'search', 'subject', 'form', 'history', 'queries', 'eligibility', 'to_sign', 'exchange', 'audit', 'soundness', 'begin_check', 'stop_check', 'change_password', 'confirm_recovery_code', 'lock', 'versions', 'plan_version', 'plan_move'];
const RIGHTS: Record<Role, string[]> = {
  nurse: ['add_subject', 'enter_value', 'keep_unfinished', 'remove_row', 'complete_form', 'reopen_form', 'answer_query', 'check_identity'],
  sub_investigator: ['enter_value', 'confirm_derived'],
  investigator: ['add_subject', 'enter_value', 'complete_form', 'answer_query', 'confirm_eligibility', 'move_subject', 'sign', 'export_bundle', 'acknowledge_clock'],
  data_manager: ['raise_query', 'close_query', 'reopen_query', 'review'],
  monitor: ['raise_query', 'close_query', 'reopen_query', 'review', 'verify', 'withdraw_verification'],
  auditor: [],
  administrator: ['add_person', 'disable_person', 'continue_here', 'install_version'],
};

const ROLES: Role[] = ['nurse', 'sub_investigator', 'investigator', 'data_manager', 'monitor', 'auditor', 'administrator'];
const same = (name: string): { en: string; zh: string } => ({ en: name, zh: name });
/** What the amendment of the mock changes. */
const CHANGES: Change[] = [
  { part: 'item', oid: 'DM.WEIGHT', name: same('Weight'), of: 'DM.MAIN', happened: { kind: 'added' } },
  { part: 'item', oid: 'CONSENT.DATE', name: same('Date of consent'), of: 'CONSENT.MAIN', happened: { kind: 'retired' } },
  { part: 'decision', oid: 'D-08', name: same('Lowest LVEF'), happened: { kind: 'changed', aspect: 'lvef_min_pct', from: { plain: '40' }, to: { plain: '45' } } },
];

function person(login: string, name: string, role: Role, n: number): PersonView {
  return { person: `p-000000000000000${n}`, login, printed_name: name, role, active: true, here: true, site: null, until: null, words: WORDS, fingerprint: PRINT, added: at('01:12:00', '2026-11-02'), added_by: n === 1 ? '—' : 'Zhao Min', trainings: [], training_due: false };
}

const SOUND: SoundnessView = {
  running: null,
  stopped: false,
  full: at('05:40:00'),
  since: at('05:58:00'),
  result: { holds: true, entries: 1214, findings: [] },
  result_full: true,
  failed: null,
};

export class Desk {
  people = [
    person('zhao', 'Zhao Min', 'administrator', 1),
    person('li', 'Li Na', 'nurse', 2),
    person('chen', 'Chen Wei', 'investigator', 3),
    person('wang', 'Wang Fang', 'monitor', 4),
  ];
  devices: DeviceView[] = [{ log: 'log-1', device: 'ward laptop', words: WORDS, fingerprint: PRINT, here: true, site: null, since: at('01:12:00', '2026-11-02'), last: at('05:58:00'), entries: 412, closed: false, after: null, beside: false }];
  who: PersonView | null = null;
  opened = true;
  declared = true;
  readOnly: string | null = null;
  wait = 0;
  calls: [string, unknown][] = [];
  /** Next call of a command is refused with this. */
  refusals = new Map<string, Problem>();

  constructor(readonly study: StudyDef) {}

  site: SiteView = { site: '012', name: 'Harbour Teaching Hospital', kind: 'site', study: 'ALLO-CD19-BALL', version: '1.0', versions: ['1.0'], words: WORDS, fingerprint: PRINT, recovery_confirmed: true };

  rows: SubjectRowView[] = [
    { subject: 'S-001', status: 'infused', day: 21, verdict: 'eligible', sex: 'F', age: '34', next: ['D28', '2026-11-29'], window: ['2026-11-26', '2026-12-02'], overdue: 0, alerts: ['identity_check_missing'], queries: 2, unsigned: 3, unfinished: 1, added: at('02:00:00', '2026-10-12'), version: '1.0' },
    { subject: 'S-002', status: 'ineligible', day: null, verdict: 'ineligible', sex: 'M', age: '52', next: null, window: null, overdue: 0, alerts: [], queries: 0, unsigned: 1, unfinished: 0, added: at('02:00:00', '2026-10-30'), version: '1.0' },
    { subject: 'S-003', status: 'screening', day: null, verdict: 'pending', sex: 'F', age: '11', next: null, window: null, overdue: 0, alerts: [], queries: 1, unsigned: 0, unfinished: 4, added: at('02:00:00', '2026-11-18'), version: '1.0' },
  ];

  queries: QueryView[] = [
    { query: 'q-1', path: 'S-001/SCR/LAB/LAB.MAIN/LAB.CREAT', state: 'open', version: 1, version_now: 1, row_removed: false, age_days: 3, may: [], conflict: null, crossing: null, thread: [{ act: 'opened', by: 'Wang Fang', role: 'monitor', when: at('06:20:00', '2026-11-19'), text: 'The laboratory slip says 68 µmol/L, here 86. Please compare.', redacted: false }] },
    { query: 'q-2', path: 'S-001/SCR/DM/DM.MAIN/DM.WEIGHT', state: 'answered', version: 1, version_now: 2, row_removed: false, age_days: 6, may: [], conflict: null, crossing: null, thread: [{ act: 'opened', by: 'Wang Fang', role: 'monitor', when: at('06:20:00', '2026-11-16'), text: 'Weight on the chart: 61.5 kg.', redacted: false }, { act: 'answered', by: 'Li Na', role: 'nurse', when: at('01:05:00', '2026-11-17'), text: 'Corrected from the chart of that morning.', redacted: false }] },
    { query: 'q-3', path: 'S-003/SCR/CONSENT/CONSENT.MAIN/CONSENT.DATE', state: 'closed', version: 1, version_now: 1, row_removed: false, age_days: 2, may: [], conflict: null, crossing: null, thread: [{ act: 'opened', by: 'Wang Fang', role: 'monitor', when: at('06:20:00', '2026-11-20'), text: 'Guardian’s date?', redacted: false }, { act: 'closed', by: 'Wang Fang', role: 'monitor', when: at('06:40:00', '2026-11-20'), text: 'Seen in the source.', redacted: false }] },
  ];

  review: ReviewItemView[] = [
    { path: 'S-001/SCR/DM/DM.MAIN/DM.WEIGHT', value: { type: 'number', number: '61.5', unit: 'kg' }, version: 2, verification: 'changed', critical: true, queries: 1 },
    { path: 'S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.DATE', value: { type: 'date', date: '2026-10-12' }, version: 1, verification: 'none', critical: true, queries: 0 },
    { path: 'S-001/SCR/DM/DM.MAIN/DM.SEX', value: { type: 'code', code: 'F' }, version: 1, verification: 'none', critical: true, queries: 0 },
    { path: 'S-001/SCR/DM/DM.MAIN/DM.BIRTH', value: { type: 'date', date: '1992' }, version: 1, verification: 'verified', critical: true, queries: 0 },
    { path: 'S-001/SCR/DM/DM.MAIN/DM.HEIGHT', value: { type: 'number', number: '164', unit: 'cm' }, version: 1, verification: 'none', critical: false, queries: 0 },
  ];

  signatures: SignatureView[] = [
    { signature: 's-1', printed_name: 'Chen Wei', role: 'investigator', when: at('03:10:09', '2026-11-01'), meaning: 'I have reviewed the records listed here. The data are complete, accurate and attributable as far as I know.', version: '1.0', records: 4, valid: true, verdicts: [], changed: [['S-001/SCR/DM', 7, 8]], redacted: [] },
  ];

  forms(subject: string): FormStateView[] {
    const states = subject === 'S-003' ? ['complete', 'started', 'empty'] : ['signed', 'changed', 'verified', 'complete', 'complete', 'started', 'signed', 'signed', 'complete', 'started'];
    const oids = this.study.visits[0]?.forms ?? [];
    return oids.map((form, n) => ({ form: `${subject}/SCR/${form}`, state: states[n] ?? 'empty', answered: n % 3 === 2 ? 3 : 7, asked: 9, queries: n === 1 || n === 4 ? 1 : 0, hard: n === 5 ? 1 : 0, soft: n === 4 ? 2 : 0 }));
  }

  everybody(): PeopleView {
    return { people: this.people, devices: this.devices, roles: ROLES, confirmed: null, confirm_due: false };
  }

  session(): SessionView | null {
    const who = this.who;
    if (who === null) return null;
    return { person: who.person, login: who.login, printed_name: who.printed_name, role: who.role, rights: [...READS, ...RIGHTS[who.role]], declaration_due: !this.declared, sign_asks_login: true, idle_minutes: 10, since: at('05:58:00'), attempts: null };
  }

  status(): StatusView {
    const file = { name: 'harbour-012.cartwright', synthetic: true, practice_password: PASSWORD, people: this.people.filter((p) => p.active).map((p) => ({ login: p.login, printed_name: p.printed_name, wait_seconds: this.wait })), site: this.who === null ? null : this.site, read_only: this.readOnly, clock_anomaly: null };
    return { app: '0.1.0', file: this.opened ? file : null, session: this.session() };
  }

  /** Of everybody only who fits into `most` items is here, as in the core. */
  most = 4000;
  reviewed(only: string | null): ReviewView {
    const codes = [...new Set(this.review.map((i) => i.path.split('/')[0] ?? ''))].sort();
    const of = (code: string) => this.review.filter((i) => i.path.startsWith(`${code}/`));
    const done = (items: ReviewItemView[]) => items.filter((i) => i.verification === 'verified').length;
    let read = 0;
    const waiting = codes.toSorted((a, b) => Number(done(of(a)) === of(a).length) - Number(done(of(b)) === of(b).length));
    const here = waiting.filter((code) => (only === null ? read === 0 || read + of(code).length <= this.most : code === only) && ((read += of(code).length), true));
    const items = this.review.filter((i) => here.includes(i.path.split('/')[0] ?? ''));
    const counted = only === null ? this.review : items;
    const subjects = codes.map((subject) => ({ subject, all: of(subject).length, verified: done(of(subject)), here: here.includes(subject) }));
    return { items, subjects, verified: done(counted), all: counted.length };
  }

  #query(query: string, state: string, act: string, text: string | null): QueryView {
    const found = this.queries.find((q) => q.query === query) ?? refuse('no_such_query', [['query', query]]);
    const who = this.who;
    const said = { act, by: who?.printed_name ?? '', role: who?.role ?? null, when: at('06:03:22'), text, redacted: false };
    const now = { ...found, state, thread: [...found.thread, said] };
    this.queries = this.queries.map((q) => (q.query === query ? now : q));
    return this.#mine(now);
  }

  #mine(query: QueryView): QueryView {
    const role = this.who?.role;
    const may = role === 'nurse' && query.state === 'open' ? ['answer'] : role === 'monitor' && query.state !== 'closed' ? ['close'] : role === 'monitor' ? ['reopen'] : [];
    return { ...query, may };
  }

  answers: Answers = {
    status: () => this.status(),
    open_file: () => ((this.opened = true), this.status()),
    close_file: () => ((this.opened = false), (this.who = null), this.status()),
    create_site: (r) => {
      this.opened = true;
      this.people = [{ ...person(r.login, r.printed_name, 'administrator', 1) }];
      this.who = this.people[0] ?? null;
      return { recovery_code: 'K7Q2-9XWM-3RTV-HB5N-8CEJ-Y4PD-6GAF-Z1KS-QX', status: this.status() };
    },
    confirm_recovery_code: (r) => (r.typed.startsWith('K7Q2') ? this.status() : refuse('recovery_code_differs')),
    unlock: (r) => {
      if (r.password !== PASSWORD) {
        this.wait = 4;
        return refuse('wrong_password', [['seconds', '4']]);
      }
      this.who = this.people.find((p) => p.login === r.login) ?? null;
      return this.status();
    },
    lock: () => ((this.who = null), this.status()),
    accept_declaration: () => ((this.declared = true), this.status()),
    drafts: () => ({ drafts: [] }),
    access: () => ({ rows: [], delegations: [], roles: [], duties: ['consent'] }),
    key_sheet: () => ({ on: false, decided: null, printed: null, printed_holds: false }),
    backups: () => ({ folder: null, reachable: false, same_disk: false, age_days: null, old: false, backups: [], failed: null }),
    people: () => this.everybody(),
    add_person: (r) => ((this.people = [...this.people, person(r.login, r.printed_name, r.role, this.people.length + 1)]), this.everybody()),
    disable_person: (r) => ((this.people = this.people.map((p) => (p.person === r.person ? { ...p, active: false } : p))), this.everybody()),
    change_password: () => this.status(),
    study_in_force: (r) => ({ ...this.study, version: r.version ?? this.site.version }),
    versions: () => ({ installed: this.site.versions.map((version) => ({ version, sha256: '9f2c4e6a', when: at('05:58:00'), by: 'Zhao Min', subjects: this.rows.filter((row) => row.version === version).length })), offered: this.site.versions.includes('1.1') ? [] : ['1.1'] }),
    plan_version: (r) => ({ version: r.version, from: '1.0', changes: CHANGES.map((change) => ({ change, subjects: 2 })), subjects: 3, touched: 2, verdicts: 1 }),
    install_version: (r) => {
      this.site = { ...this.site, version: r.version, versions: [...this.site.versions, r.version] };
      return this.answers.versions?.({}) as VersionsView;
    },
    plan_move: (r) => ({ subject: r.subject, from: '1.0', to: r.to, changes: CHANGES, others: 4, forms: [`${r.subject}/SCR/DM`], opened: [{ form: `${r.subject}/SCR/DM`, items: [`${r.subject}/SCR/DM/DM.MAIN/DM.WEIGHT`] }], retired: [`${r.subject}/SCR/CONSENT/CONSENT.MAIN/CONSENT.DATE`], verdict_before: 'eligible', verdict_after: 'ineligible', confirmed: ['eligible', '1.0'], may_move: this.who?.role === 'investigator' ? null : 'not_your_role' }),
    move_subject: (r) => {
      this.rows = this.rows.map((row) => (row.subject === r.subject ? { ...row, version: r.to } : row));
      return this.answers.subject?.({ subject: r.subject }) as SubjectView;
    },
    today: () => ({
      people_due: false,
      untrained: 0,
      date: '2026-11-22',
      subjects: this.rows.length,
      assessments: [],
      unfinished_all: 2,
      queries_all: this.queries.length,
      redactions: [],
      days_since_backup: null,
      export_due: true,
      backup_due: true,
      visits: [
        { subject: 'S-001', visit: 'D28', state: 'in_window', target: '2026-11-29', window: ['2026-11-26', '2026-12-02'], days_left: 10 },
        { subject: 'S-004', visit: 'INF', state: 'overdue', target: '2026-11-20', window: ['2026-11-20', '2026-11-20'], days_left: -2 },
      ],
      unfinished: [{ form: 'S-003/SCR/DM', answered: 4, asked: 9 }, { form: 'S-001/SCR/ELIG', answered: 20, asked: 24 }],
      typed: ['S-003/SCR/DM/DM.MAIN/DM.WEIGHT'],
      queries: this.queries.filter((q) => q.state !== 'closed').map((q) => this.#mine(q)),
      to_sign: 3,
      to_verify: 41,
      days_since_export: 12,
    }),
    subjects: () => ({ today: '2026-11-22', unjudged: 0, subjects: this.rows }),
    search: (r) => ({
      hits: this.rows
        .filter((row) => row.subject.toLowerCase().includes(r.text.toLowerCase()))
        .map((row) => ({ kind: 'subject', subject: row.subject, form: null, item: null, query: null, text: null, state: null })),
    }),
    subject: (r) => {
      const row = this.rows.find((s) => s.subject === r.subject) ?? refuse('no_such_subject', [['subject', r.subject]]);
      const f = (visit: string, form: string, state: string): FormStateView => ({ form: `${r.subject}/${visit}/${form}`, state, answered: 0, asked: 14, queries: 0, hard: 0, soft: 0 });
      return {
        today: '2026-11-22',
        events: row.day === null ? [] : [{ kind: 'consent', from: '2026-10-12', to: null, result: null, path: `${r.subject}/SCR/CONSENT/CONSENT.MAIN/CONSENT.DATE` }, { kind: 'infusion', from: '2026-11-01', to: null, result: null, path: `${r.subject}/INF/INFUSION/INFUSION.DAY/INFUSION.DATE` }],
        row,
        lot: row.day === null ? null : 'LOT-7731-B',
        infusion: row.day === null ? null : '2026-11-01',
        visits: [
          { visit: 'SCR', no: 1, target: null, window: null, days: [-28, -7], stands: null, forms: this.forms(r.subject) },
          { visit: 'INF', no: 1, target: '2026-11-01', window: ['2026-11-01', '2026-11-01'], days: [0, 0], stands: 'overdue', forms: [f('INF', 'INFUSION', row.day === null ? 'empty' : 'complete')] },
          ...(row.day === null ? [] : [{ visit: 'CRS', no: 1, target: null, window: null, days: null, stands: null, forms: [f('CRS', 'CRS', 'complete')] }]),
          { visit: 'D28', no: 1, target: row.day === null ? null : '2026-11-29', window: row.day === null ? null : (['2026-11-26', '2026-12-02'] as [string, string]), days: [25, 31], stands: row.day === null ? null : 'coming', forms: [f('D28', 'RESPONSE', 'empty')] },
        ],
        alerts: row.subject === 'S-001' ? ['identity_check_missing'] : [],
        newer: row.version === this.site.version ? null : this.site.version,
      };
    },
    add_subject: (r) => {
      if (this.rows.some((s) => s.subject === r.subject)) return refuse('subject_exists', [['subject', r.subject]]);
      this.rows = [...this.rows, { subject: r.subject, status: 'screening', day: null, verdict: 'pending', sex: null, age: null, next: null, window: null, overdue: 0, alerts: [], queries: 0, unsigned: 0, unfinished: 0, added: at('06:00:00'), version: '1.0' }];
      return { row: this.rows.at(-1) as SubjectRowView, lot: null, infusion: null, visits: [], alerts: [], today: '2026-11-22', events: [], newer: null };
    },
    queries: () => ({ queries: this.queries.map((q) => this.#mine(q)) }),
    answer_query: (r) => this.#query(r.query, 'answered', 'answered', r.text),
    close_query: (r) => this.#query(r.query, 'closed', 'closed', r.text),
    reopen_query: (r) => this.#query(r.query, 'open', 'reopened', r.text),
    raise_query: (r) => {
      const query: QueryView = { query: `q-${this.queries.length + 1}`, path: r.path, state: 'open', version: 1, version_now: 1, row_removed: false, age_days: 0, may: ['close'], conflict: null, crossing: null, thread: [{ act: 'opened', by: this.who?.printed_name ?? '', role: 'monitor', when: at('06:10:00'), text: r.text, redacted: false }] };
      this.queries = [query, ...this.queries];
      return query;
    },
    review: (r) => this.reviewed(r.subject),
    verify: (r) => {
      this.review = this.review.map((i) => (i.path === r.path ? { ...i, verification: 'verified' } : i));
      return this.review.find((i) => i.path === r.path) as ReviewItemView;
    },
    withdraw_verification: (r) => {
      this.review = this.review.map((i) => (i.path === r.path ? { ...i, verification: 'none' } : i));
      return this.review.find((i) => i.path === r.path) as ReviewItemView;
    },
    to_sign: () => ({ forms: [{ form: 'S-001/SCR/DM', version: 8, signed_version: 7, queries: 1, changes: [] }, { form: 'S-001/SCR/PERF', version: 5, signed_version: null, queries: 0, changes: [] }, { form: 'S-002/SCR/LAB', version: 12, signed_version: null, queries: 0, changes: [] }], statement: 'casebook', blocked: null, signatures: this.signatures }),
    sign: (r) => {
      if (r.password !== PASSWORD) return refuse('wrong_password', [['seconds', '0']]);
      const signature: SignatureView = { signature: 's-2', printed_name: this.who?.printed_name ?? '', role: this.who?.role ?? 'investigator', when: at('06:12:31'), meaning: r.meaning, version: '1.0', records: r.forms.length, valid: true, verdicts: [], changed: [], redacted: [] };
      this.signatures = [signature, ...this.signatures];
      return { signature, to_sign: { forms: [], statement: 'casebook', blocked: null, signatures: this.signatures } };
    },
    exchange: () => ({ bundles: [{ way: 'out', bundle: 'CARTX-012-20261110T021500Z-000003', number: 3, when: at('02:15:00', '2026-11-10'), by: 'Chen Wei', from: null, sha256: '9f2c4e6a8b0d1f3357799bbddff0022446688aaccee1133557799bbddff00224', sealed_for: ['age1monitor'], entries: 998, missing: [], why: null, differs_at: null, receipts: [] }], missing: [], own_recipient: 'age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq', words: WORDS, fingerprint: PRINT, entries_since: 214 }),
    export_bundle: () => ({ bundle: 'CARTX-012-20261122T061500Z-000004', files: ['CARTX-012-20261122T061500Z-000004.cwb.zip'], sha256: '9f2c4e6a8b0d1f3357799bbddff0022446688aaccee1133557799bbddff00224', entries: 1214, bytes: 482113 }),
    verify_bundle: () => ({ outcome: 'damaged', code: 'manifest-hash', facts: [['place', 'data/journal/l-01.jsonl'], ['expected', '9f2c4e6a8b0d1f33'], ['got', '1133557799bbddff']], bundle: null, site: null, study: null, created: null, signers: [], subjects: [], entries: 0, esignatures: 0 }),
    audit: (r) => {
      const base = { device: null, log: 'l-01', role: 'nurse' as Role, subject: null, path: null, old: null, new: null, text: null, reason: null, head: '9f2c4e6a8b0d1f33', study: '1.0', redacted: false, redaction: null, redactable: false };
      const entries: AuditEntryView[] = [
        { ...base, seq: 1214, when: at('06:03:22'), by: 'Li Na', act: 'value_entered', subject: 'S-001', path: 'S-001/SCR/DM/DM.MAIN/DM.WEIGHT', old: { type: 'number', number: '65.1', unit: 'kg' }, new: { type: 'number', number: '61.5', unit: 'kg' }, reason: ['query', 'Chart of 12 October'] },
        { ...base, seq: 1213, when: at('05:58:00'), by: 'Li Na', act: 'logged_in' },
        { ...base, seq: 1212, when: at('05:57:41'), by: null, role: null, act: 'login_failed', text: 'li' },
        { ...base, seq: 1211, when: at('03:10:09', '2026-11-21'), by: 'Chen Wei', role: 'investigator', act: 'signed', text: 'I have reviewed the records listed here.' },
        { ...base, seq: 1210, when: at('02:44:00', '2026-11-21'), by: 'Wang Fang', role: 'monitor', act: 'query_opened', subject: 'S-001', path: 'S-001/SCR/LAB/LAB.MAIN/LAB.CREAT', text: 'The laboratory slip says 68 µmol/L, here 86. Please compare.' },
      ];
      return { entries: r.before === null ? entries : entries.map((e) => ({ ...e, seq: e.seq - 5 })), more: r.before === null };
    },
    soundness: () => SOUND,
    begin_check: () => SOUND,
    stop_check: () => SOUND,
  };

  /** What `invoke` of the shell would do. */
  invoke = (name: string, args: { request: never }): Promise<unknown> => {
    this.calls.push([name, args?.request]);
    const refused = this.refusals.get(name);
    if (refused !== undefined) {
      this.refusals.delete(name);
      return Promise.reject(refused);
    }
    if (name === 'at_start') return Promise.resolve(null);
    if (name === 'painted') return Promise.resolve(null);
    if (name === 'choose') return Promise.resolve({ handle: 1, name: 'bundles' });
    const answer = this.answers[name as keyof Commands];
    if (answer === undefined) return Promise.reject({ kind: 'fault', reference: 'MOCK', code: 'no_answer' });
    try {
      // What crosses the bridge is a copy, as in the window.
      return Promise.resolve(structuredClone(answer(args.request)));
    } catch (problem) {
      return Promise.reject(problem);
    }
  };
}
