// A study of two visits and two forms, just large enough to show a screen.
import type { StudyDef } from '../../src/bindings/StudyDef';

const text = (en: string, zh: string) => ({ en, zh });

export const STUDY: StudyDef = {
  oid: 'ALLO-CD19-BALL',
  version: '1.0',
  name: text('A small study', '小型研究'),
  registration: { title: 'A title', conditions: [], intervention: 'Cells', outcomes: [], rationale: '', notes: [] },
  visits: [
    { oid: 'SCR', name: text('Screening', '筛选期'), kind: 'scheduled', forms: ['DM', 'LAB'] },
    { oid: 'D28', name: text('Day 28', '第 28 天'), kind: 'scheduled', day: 28, window: [25, 31], forms: [] },
  ],
  registers: [],
  forms: [
    {
      oid: 'DM',
      name: text('Demographics', '人口学资料'),
      domain: 'DM',
      repeats: false,
      panels: [],
      groups: [
        {
          oid: 'DM.MAIN',
          name: text('Demographics', '人口学资料'),
          repeats: false,
          items: [
            { oid: 'DM.SEX', question: text('Sex', '性别'), cdash: 'SEX', kind: { kind: 'code', codelist: 'SEX' }, required: true, missing: [], critical: true },
            { oid: 'DM.WEIGHT', question: text('Weight', '体重'), cdash: 'own', kind: { kind: 'decimal', units: ['kg'], places: 1 }, required: true, missing: [], critical: true },
          ],
        },
      ],
    },
    { oid: 'LAB', name: text('Laboratory', '实验室'), domain: 'LB', repeats: false, panels: [], groups: [] },
  ],
  codelists: [{ oid: 'SEX', codes: [{ code: 'F', text: text('Female', '女') }, { code: 'M', text: text('Male', '男') }] }],
  units: [{ code: 'kg', text: text('kg', 'kg') }, { code: '10*9/L', text: text('×10⁹/L', '×10⁹/L') }],
  criteria: [],
  decisions: [{ id: 'D-01', text: text('A threshold', '阈值'), default: text('100 to 200', '100 至 200'), values: [], source: 'S' }],
  checks: [],
  reasons: [{ code: 'transcription', text: text('Transcription error', '录入错误') }, { code: 'other', text: text('Other reason', '其他原因') }],
  statements: [
    { code: 'casebook', text: text('I have reviewed these records.', '我已审阅所列记录。') },
    { code: 'declaration', text: text('My signature is binding.', '我的签名具有约束力。') },
  ],
};
