// A small study with every kind of item, a group that repeats, skip logic, and computed results.
import type { ItemDef } from '../../../src/bindings/ItemDef';
import type { ItemKind } from '../../../src/bindings/ItemKind';
import type { StudyDef } from '../../../src/bindings/StudyDef';

function item(oid: string, en: string, zh: string, kind: ItemKind, more: Partial<ItemDef> = {}): ItemDef {
  return {
    oid,
    question: { en, zh },
    cdash: 'own',
    kind,
    required: true,
    missing: ['not_done', 'unknown'],
    critical: false,
    ...more,
  };
}

export const STUDY: StudyDef = {
  oid: 'MOCK',
  version: '1.0',
  name: { en: 'Mock study', zh: '示例研究' },
  registration: {} as StudyDef['registration'],
  visits: [
    { oid: 'SCR', name: { en: 'Screening', zh: '筛选' }, kind: 'scheduled', forms: ['VS', 'CRS'] },
    { oid: 'D28', name: { en: 'Day 28', zh: '第 28 天' }, kind: 'scheduled', day: 28, forms: ['RESP'] },
  ],
  forms: [
    {
      oid: 'VS',
      name: { en: 'Findings', zh: '检查' },
      domain: 'VS',
      repeats: false,
      panels: ['identity_check'],
      groups: [
        {
          oid: 'MAIN',
          name: { en: 'At the visit', zh: '本次访视' },
          repeats: false,
          items: [
            item('VS.DATE', 'Date', '日期', { kind: 'date', partial: false }),
            item('VS.TEMP', 'Temperature', '体温', { kind: 'decimal', units: ['C', 'F'], places: 1 }, { critical: true }),
            item('VS.WEIGHT', 'Weight', '体重', { kind: 'decimal', units: ['kg'], places: 2 }),
            item('VS.ECOG', 'ECOG', 'ECOG', { kind: 'code', codelist: 'ECOG' }),
            item('VS.SICK', 'Any complaint', '是否不适', { kind: 'code', codelist: 'NY' }),
            item('VS.WHAT', 'Which', '何种不适', { kind: 'text', max: 200, long: false }, { when: 'VS.SICK == "Y"' }),
            item('VS.LOT', 'Lot', '批号', { kind: 'scan', max: 40 }, {
              guidance: { en: 'On the bag label.', zh: '见袋标签。' },
            }),
            item('VS.DRUGS', 'Drugs', '用药', { kind: 'codes', codelist: 'DRUGS' }),
          ],
        },
        {
          oid: 'ROWS',
          name: { en: 'Vital signs', zh: '生命体征' },
          repeats: true,
          items: [item('VS.HR', 'Heart rate', '心率', { kind: 'integer', units: ['/min'] })],
        },
        {
          oid: 'OUT',
          name: { en: 'Result', zh: '结果' },
          repeats: false,
          items: [item('VS.CRS', 'CRS grade', 'CRS 分级', { kind: 'derived', call: 'tox.crs', with: [['temp_max_c', 'VS.TEMP']] })],
        },
      ],
    },
    { oid: 'CRS', name: { en: 'CRS', zh: 'CRS' }, domain: 'own', repeats: true, panels: [], groups: [] },
    { oid: 'RESP', name: { en: 'Response', zh: '疗效' }, domain: 'RS', repeats: false, panels: [], groups: [] },
  ],
  codelists: [
    { oid: 'NY', codes: [{ code: 'Y', text: { en: 'Yes', zh: '是' } }, { code: 'N', text: { en: 'No', zh: '否' } }] },
    { oid: 'ECOG', codes: ['0', '1', '2', '3', '4'].map((code) => ({ code, text: { en: code, zh: code } })) },
    {
      oid: 'DRUGS',
      codes: [
        { code: 'PARA', text: { en: 'Paracetamol', zh: '对乙酰氨基酚' } },
        { code: 'H1', text: { en: 'Antihistamine', zh: '抗组胺药' } },
      ],
    },
  ],
  units: [
    { code: 'C', text: { en: '°C', zh: '°C' } },
    { code: 'F', text: { en: '°F', zh: '°F' } },
    { code: '10*9/L', text: { en: '×10⁹/L', zh: '×10⁹/L' } },
  ],
  criteria: [],
  decisions: [],
  checks: [],
  reasons: [
    { code: 'transcription', text: { en: 'Transcription error', zh: '转录错误' } },
    { code: 'other', text: { en: 'Other', zh: '其他' } },
  ],
  registers: [],
  statements: [{ code: 'eligibility', text: { en: 'I confirm.', zh: '本人确认。' } }],
};
