// Three made-up charts: what a nurse would read from the source and type, item by item.

const code = (...codes) => ({ codes });
const text = (value) => ({ text: value });
const number = (value, unit) => ({ text: value, unit });
const missing = (kind) => ({ missing: kind });

/** Whom each chart is about; the three show an eligible, an ineligible and a pending subject. */
export const SUBJECTS = ['S-001', 'S-002', 'S-003'];

const JUDGED = ['I12', 'I14'];

const COMMON = {
  CONSENT: {
    VERSION: text('1.0 / 2026-01-12'),
    DATE: text('2026-09-14'),
    TIME: text('09:10'),
    SIGNED_BY: code('SUBJECT'),
    COPY: code('Y'),
    FIRST_PROC: text('2026-09-15'),
    ADMISSION: text('2026-09-14'),
    ENROLMENT: text('2026-09-21'),
  },
  DM: { SEX: code('M'), BIRTH: text('1988'), HEIGHT: number('176'), WEIGHT: number('68.4') },
  DISEASE: {
    DIAG_DATE: text('2025-04-08'),
    LINEAGE: code('B'),
    IMMUNO: code('Y'),
    MATURE_B: code('N'),
    CML_BC: code('N'),
    PH: code('N'),
    SUBTYPE: code('PH_LIKE'),
    STATUS: code('RELAPSE_1'),
    RELAPSES: text('1'),
    CR1_DAYS: number('212'),
    REFR: code('B'),
    IND_CYCLES: text('0'),
    NO_CR_IND: code('N'),
    SALVAGE_FAIL: text('0'),
    POST_HSCT: code('N'),
    LINES: text('3'),
    BLINA: code('N'),
    INO: code('N'),
    CART: code('N'),
    EMD: code('N'),
  },
  PERF: {
    DATE: text('2026-09-17'),
    ECOG: code('1'),
    LVEF_DATE: text('2026-09-17'),
    LVEF_METHOD: code('ECHO'),
    LVEF: number('61'),
    EFFUSION: code('N'),
    TEMP: number('36.7', 'C'),
    HR: number('84'),
    RR: number('16'),
    SBP: number('118'),
    DBP: number('72'),
    SPO2: number('97'),
    ROOM_AIR: code('Y'),
  },
  LAB: {
    DATE: text('2026-09-17'),
    WBC: number('4.2', '10^9/L'),
    ANC: number('1.3', '10^9/L'),
    HGB: number('88', 'g/L'),
    PLT: number('46', '10^9/L'),
    CHEM_DATE: text('2026-09-17'),
    CREAT: number('0.9', 'mg/dL'),
    ALT: number('38'),
    ALT_ULN: number('50'),
    AST: number('31'),
    AST_ULN: number('40'),
    BILI: number('11.4', 'umol/L'),
    BILI_ULN: number('20.5', 'umol/L'),
    GILBERT: code('N'),
    LIVER_INV: code('N'),
  },
  MARROW: {
    DATE: text('2026-09-17'),
    BLASTS: number('62.5'),
    CELLULARITY: code('ADEQUATE'),
    PB_BLASTS: number('8.0'),
    MRD_DONE: code('N'),
    CD19: number('97.8'),
    CD19_METHOD: code('FLOW'),
    CD19_AFTER: missing('not_applicable'),
  },
  SERO: {
    DATE: text('2026-09-17'),
    HBSAG: code('NEG'),
    HBCAB: code('NEG'),
    HCV_AB: code('NEG'),
    HIV: code('NEG'),
    TREP: code('NEG'),
    CMV_DIS: code('N'),
    CMV_DNA: number('0'),
    EBV_DIS: code('N'),
    EBV_DNA: number('0'),
    TB_ACTIVE: code('N'),
    IGRA: code('NEG'),
    INF: code('N'),
  },
  CNS: {
    SIGNS: code('N'),
    NEURO: code('N'),
    LP_DONE: code('Y'),
    LP_DATE: text('2026-09-17'),
    BLASTS: code('N'),
    CSF_WBC: number('1', '/uL'),
    CSF_RBC: number('0', '/uL'),
  },
  HSCT: { PRIOR: code('N'), LD_START: text('2026-09-23'), PLANNED: text('2026-09-28') },
  MEDHX: {
    OTHER_MAL: code('N'),
    NYHA: code('0'),
    MI: code('N'),
    ARRHYTHMIA: code('N'),
    SEIZURE: code('N'),
    STROKE: code('N'),
    DEMENTIA: code('N'),
    CEREBELLAR: code('N'),
  },
  PRIORTX: {
    CHEMO: text('2026-08-25'),
    BRIDGE: missing('not_applicable'),
    IT: missing('not_applicable'),
    STEROID: missing('not_applicable'),
    PEG: missing('not_applicable'),
    TKI: missing('not_applicable'),
    RT: missing('not_applicable'),
    CNS_RT: missing('not_applicable'),
    ATG: missing('not_applicable'),
    GCSF: missing('not_applicable'),
    GCSF_LA: missing('not_applicable'),
    IMP: missing('not_applicable'),
    VACCINE: missing('not_applicable'),
  },
  REPRO: { CONTRA: code('Y') },
  HLA: {
    DATE: text('2026-09-17'),
    A: text('A*02:01, A*24:02'),
    B: text('B*46:01, B*40:01'),
    C: text('C*01:02, C*07:02'),
    DRB1: text('DRB1*09:01, DRB1*15:01'),
    DQB1: text('DQB1*03:03, DQB1*06:01'),
    MATCH: code('SEVERAL'),
    MISMATCH: code('N'),
    DSA_DATE: text('2026-09-17'),
  },
  ELIG: {
    DATE: text('2026-09-20'),
    ...Object.fromEntries(
      JUDGED.flatMap((id, at) => [
        [id, code('MET')],
        [`${id}_SRC`, text(`Chart p. ${at + 3}`)],
      ]),
    ),
  },
};

/** Screening of one subject, form by form; `open` forms are begun and not complete. */
export function screening(subject) {
  const forms = structuredClone(COMMON);
  if (subject !== 'S-001') delete forms.CONSENT.ENROLMENT;
  if (subject === 'S-002') {
    forms.DM = { SEX: code('F'), CBP: code('MENOPAUSE'), BIRTH: text('1968'), HEIGHT: number('158'), WEIGHT: number('51.2') };
    forms.LAB.CREAT = number('212', 'umol/L');
    forms.REPRO = { PREGNANT: code('N'), FEEDING: code('N'), CONTRA: missing('not_applicable') };
  }
  if (subject === 'S-003') {
    for (const item of ['LVEF_DATE', 'LVEF_METHOD', 'LVEF', 'EFFUSION']) delete forms.PERF[item];
    forms.CNS = { SIGNS: code('N'), NEURO: code('N'), LP_DONE: code('N') };
    forms.ELIG.I14 = code('CANNOT_SAY');
    delete forms.ELIG.I14_SRC;
  }
  return { forms, open: subject === 'S-003' ? ['PERF'] : [] };
}

/** Day 0 of the eligible subject. */
export const INFUSION = {
  DATE: text('2026-09-28'),
  COI: text('COI-26-0001'),
  LOT: text('UC19-2604'),
  BAG: text('BAG-0001-A'),
  DONOR_ABO: code('O'),
  PLANNED: number('2.5'),
  WEIGHT_LD: number('68.4'),
  WEIGHT_D0: number('67.9'),
  VOLUME: number('50'),
  CELLS: number('10'),
  VIABILITY: number('91.5'),
  CD3: number('96.2'),
  CAR: number('38.4'),
  TOCI: text('2'),
  PREMED: code('Y'),
  PREMED_DRUGS: code('PARACETAMOL', 'H1'),
  PREMED_AT: text('2026-09-28T09:40'),
  STEROID: code('N'),
  THAW_END: text('2026-09-28T10:15'),
  START: text('2026-09-28T10:27'),
  STOP: text('2026-09-28T10:45'),
  REACTION: code('N'),
};

/** A CRS assessment on day 5: fever, one pressor, oxygen by nasal cannula. */
export const CRS = {
  AT: text('2026-10-03T20:00'),
  TEMP: number('38.9', 'C'),
  FEVER_OTHER: code('N'),
  ESTABLISHED: code('N'),
  MASKING: code('N'),
  SBP: number('82'),
  DBP: number('46'),
  HYPOT: code('Y'),
  HYPOT_OTHER: code('N'),
  PRESSORS: code('NOREPINEPHRINE'),
  SPO2: number('93'),
  OXYGEN: code('NASAL_CANNULA'),
  FLOW: number('3'),
  HYPOX_OTHER: code('N'),
  DEATH: code('N'),
};

/** Day 28: blasts gone, platelets not back. */
export const RESPONSE = {
  DATE: text('2026-10-26'),
  BM: number('1.5'),
  CELLULARITY: code('ADEQUATE'),
  PB: number('0'),
  ANC: number('1.6', '10^9/L'),
  PLT: number('42', '10^9/L'),
  PLT_EVER: code('Y'),
  PLT_TX: text('2026-10-23'),
  RBC_EVER: code('Y'),
  RBC_TX: text('2026-10-08'),
  EMD: code('NONE'),
  CNS_SIGNS: code('N'),
  LP_DONE: code('Y'),
  CNS: code('CNS1'),
  MRD_DONE: code('Y'),
  MRD: number('0.00002', 'fraction'),
  MRD_METHOD: code('FLOW'),
  MRD_LOD: number('0.00001', 'fraction'),
  MRD_SAME: code('Y'),
  MRD_SPEC: code('BM'),
  PRIOR_BEST: code('NONE'),
};
