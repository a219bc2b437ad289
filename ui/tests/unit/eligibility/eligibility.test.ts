import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CriterionView } from '../../../src/bindings/CriterionView';
import type { EligibilityView } from '../../../src/bindings/EligibilityView';
import { STUDY } from '../../mock/entry/study';

const held = vi.hoisted(() => ({ answer: (_name: string, _request: unknown): unknown => null }));
vi.mock('@tauri-apps/api/core', () => ({
  invoke: async (name: string, args: { request: unknown }) => held.answer(name, args.request),
}));

import EligibilityScreen from '../../../src/screens/eligibility/EligibilityScreen.svelte';
import { useLocale } from '../../../src/i18n';
import { applyStudy } from '../../../src/state';

const WHEN = { at: '2026-11-22T06:03:22.000Z', offset: '+08:00' };
const STUDY_WITH_CRITERIA = {
  ...STUDY,
  criteria: [
    { id: 'I8', text: { en: 'Kidney.', zh: '肾功能。' }, rule: { by: 'computed' as const, call: 'elig.I8', with: [] }, decision: 'D-07', source: '[S] ThisCART19A; [GK] child' },
    { id: 'I12', text: { en: 'Twelve weeks.', zh: '十二周。' }, rule: { by: 'asked' as const, item: 'VS.SICK', source: 'VS.WHAT' }, source: '[S] siblings' },
    { id: 'E3', text: { en: 'CNS disease.', zh: '中枢病变。' }, rule: { by: 'computed' as const, call: 'elig.E3', with: [] }, source: '[S] ZUMA-3' },
  ],
  decisions: [
    { id: 'D-07', text: { en: 'Kidney', zh: '肾' }, default: { en: 'above 30', zh: '大于 30' }, values: [], source: '[S] x' },
  ] as typeof STUDY.decisions,
};

function criterion(id: string, more: Partial<CriterionView>): CriterionView {
  return { id, result: 'pass', by: 'computed', judged: null, reasons: [], warnings: [], from: [], missing: [], ...more };
}

function view(more: Partial<EligibilityView> = {}): EligibilityView {
  return {
    version: '1.0',
    subject: 'S-001',
    verdict: 'ineligible',
    criteria: [
      criterion('I8', {
        result: 'fail',
        reasons: [
          {
            rule: 'I8',
            what: 'cockcroft_gault',
            value: '26.09',
            unit: 'mL/min',
            op: '>',
            limit: '30',
            holds: false,
            decision: 'D-07',
            source: 'ThisCART19A',
            evidence: 'S',
          },
        ],
        from: [{ path: 'S-001/SCR/VS/MAIN/VS.WEIGHT', shown: '50 kg' }],
      }),
      criterion('I12', { by: 'judged', judged: { by: 'Li Wei', when: WHEN, source: 'Chart p. 3' } }),
      criterion('E3', { result: 'not_evaluable', missing: ['S-001/SCR/VS/MAIN/VS.TEMP'] }),
    ],
    missing: [{ path: 'S-001/SCR/VS/MAIN/VS.TEMP', criteria: ['E3'] }],
    statement: 'eligibility',
    may_confirm: null,
    confirmed: [],
    ...more,
  };
}

beforeEach(() => {
  useLocale('en');
  applyStudy(STUDY_WITH_CRITERIA);
  held.answer = () => view();
});
afterEach(cleanup);

describe('eligibility', () => {
  it('says the verdict and what decided it, and offers no waiver', async () => {
    render(EligibilityScreen, { subject: 'S-001' });
    const verdict = await screen.findByTestId('verdict');
    expect(verdict).toHaveTextContent('Not eligible');
    expect(verdict).toHaveTextContent('Deciding: I8');
    expect(screen.getByText(/There is no waiver: a criterion/)).toBeInTheDocument();
  });

  it('tells each criterion with value, limit, decision, source and item', async () => {
    render(EligibilityScreen, { subject: 'S-001' });
    const i8 = await screen.findByTestId('criterion-I8');
    expect(i8).toHaveTextContent('creatinine clearance (Cockcroft-Gault) 26.09 ≤ 30 mL/min');
    expect(i8).toHaveTextContent('D-07');
    expect(i8).toHaveTextContent('in force: above 30');
    expect(i8).toHaveTextContent('project default after child, source text not seen: confirm before use');
    expect(i8).toHaveTextContent('Not met');
    expect(i8.querySelector('a')).toHaveAttribute('href', expect.stringContaining('S-001/SCR/VS?at='));
    expect(i8).toHaveTextContent('50 kg');
  });

  it('a judged criterion names who judged, when, and where it stands', async () => {
    render(EligibilityScreen, { subject: 'S-001' });
    const judged = await screen.findByTestId('criterion-I12');
    expect(judged).toHaveTextContent('as judged by Li Wei, 22 Nov 2026, 14:03');
    expect(judged).toHaveTextContent('Chart p. 3');
  });

  it('the checklist leads to the missing item', async () => {
    render(EligibilityScreen, { subject: 'S-001' });
    const missing = await screen.findByTestId('missing-item');
    expect(missing).toHaveTextContent('Temperature');
    expect(missing).toHaveTextContent('E3');
    expect(decodeURIComponent(missing.getAttribute('href') ?? '')).toBe(
      '#/form/S-001/SCR/VS?at=S-001/SCR/VS/MAIN/VS.TEMP',
    );
  });

  it('shows only what is asked for', async () => {
    render(EligibilityScreen, { subject: 'S-001' });
    await screen.findByTestId('criterion-I8');
    await fireEvent.click(screen.getByTestId('show-fail'));
    expect(screen.queryByTestId('criterion-I12')).toBeNull();
    expect(screen.getByTestId('criterion-I8')).toBeInTheDocument();
  });

  it('why it cannot be confirmed is said in words', async () => {
    held.answer = () => view({ may_confirm: 'no_such_code_here' });
    render(EligibilityScreen, { subject: 'S-001' });
    expect(await screen.findByTestId('may-not-confirm')).toHaveTextContent('‹no_such_code_here›');
    expect(screen.queryByTestId('confirm-eligibility')).toBeNull();
  });

  it('whoever only reads it is told whose it is', async () => {
    held.answer = () => view({ may_confirm: 'not_your_role' });
    render(EligibilityScreen, { subject: 'S-001' });
    expect(await screen.findByTestId('may-not-confirm')).toHaveTextContent(/^Reading only: an investigator does this\./);
  });

  it('signs the statement as shown, blanks the password, and shows the signature', async () => {
    const asked: unknown[] = [];
    held.answer = (name, request) => {
      if (name !== 'confirm_eligibility') return view();
      asked.push(request);
      if ((request as { password: string }).password !== 'right')
        throw { kind: 'refusal', code: 'wrong_password', facts: [['seconds', '0']] };
      return view({
        confirmed: [
          {
            verdict: 'ineligible',
            version: '1.0',
            differs_now: false,
            signature: {
              signature: 'sig1',
              version: '1.0',
              printed_name: 'Li Wei',
              role: 'investigator',
              when: WHEN,
              meaning: 'I confirm.',
              records: 1,
              valid: true,
              verdicts: [],
              changed: [],
              redacted: [],
            },
          },
        ],
      });
    };
    render(EligibilityScreen, { subject: 'S-001' });
    await fireEvent.click(await screen.findByTestId('confirm-eligibility'));
    expect(await screen.findByTestId('sign-statement')).toHaveTextContent('I confirm.');
    const password = screen.getByTestId('sign-password');
    await fireEvent.input(screen.getByTestId('sign-login'), { target: { value: 'li' } });
    await fireEvent.input(password, { target: { value: 'wrong' } });
    await fireEvent.click(screen.getByTestId('sign-submit'));
    await screen.findByTestId('sign-problem');
    expect(password).toHaveValue('');
    await fireEvent.input(password, { target: { value: 'right' } });
    await fireEvent.click(screen.getByTestId('sign-submit'));
    await screen.findByTestId('signature-sig1');
    expect(asked.at(-1)).toEqual({
      subject: 'S-001',
      verdict: 'ineligible',
      meaning: 'I confirm.',
      login: 'li',
      password: 'right',
    });
    expect(screen.getByTestId('eligibility-signed')).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByTestId('dialog-sign-eligibility')).toBeNull());
  });

  it('says when the verdict is another than confirmed', async () => {
    held.answer = () =>
      view({
        confirmed: [
          {
            verdict: 'eligible',
            version: '1.0',
            differs_now: true,
            signature: {
              signature: 's',
              version: '1.0',
              printed_name: 'Li Wei',
              role: 'investigator',
              when: WHEN,
              meaning: 'I confirm.',
              records: 1,
              valid: true,
              verdicts: [],
              changed: [],
              redacted: [],
            },
          },
        ],
      });
    render(EligibilityScreen, { subject: 'S-001' });
    expect(await screen.findByTestId('differs-now')).toBeInTheDocument();
  });
});
