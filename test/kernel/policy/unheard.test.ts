import { describe, expect, it } from 'vitest';
import { parseFacts, type FactsDocument } from '../../../src/contract/facts.ts';
import { decide } from '../../../src/kernel/policy/decide.ts';
import { illumidesk } from '../../kit/policy.ts';

const AT = '2026-11-17T10:00:00Z';
const lost = { source: 'pagerduty', heard: false, at: '2026-11-17T09:00:00Z', because: 'got status 503' };

function verdictOf(rule: string, document: Partial<FactsDocument>) {
  const parsed = parseFacts({
    at: AT,
    action: 'start',
    change: { criticality: 'C1', severity: 'S1' },
    ...document,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return decide(illumidesk, parsed.facts).verdicts.find((one) => one.rule === rule);
}

describe('what was not heard', () => {
  it.each([
    ['that is silent', { ...lost, of: 'incidents' as const }],
    ['of which nobody knows whether it was heard', { source: 'pagerduty', of: 'incidents' as const }],
    ['of which nobody knows what it is about', lost],
  ])('leaves incidents unknown, by a source %s', (_what, source) => {
    expect(verdictOf('no-active-incident', { sources: [source] })).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('pagerduty'),
    });
  });

  it('hides no incident that is known, and is no reason where another source is lost', () => {
    const incidents = [{ id: 'INC-1', severity: 'S1' as const, status: 'active' as const }];
    const sources = [{ ...lost, of: 'incidents' as const }];
    expect(verdictOf('no-active-incident', { sources, incidents })?.verdict).toBe('deny');
    expect(verdictOf('no-active-incident', { sources: [{ ...lost, of: 'eoc' }] })?.verdict).toBe('pass');
    expect(
      verdictOf('no-active-incident', { sources: [{ of: 'incidents', source: 'pagerduty', heard: true }] })
        ?.verdict,
    ).toBe('pass');
  });

  it('is named where nobody is on call by it', () => {
    const sources = [{ ...lost, of: 'eoc' as const }];
    for (const rule of ['eoc-engaged', 'eoc-written-issue', 'eoc-plan-review'])
      expect(verdictOf(rule, { sources, rota: { eoc: [] } })).toMatchObject({
        verdict: 'unknown',
        because: expect.stringMatching(/nobody is on the EOC rota.*pagerduty.*2026-11-17T09:00.*503/),
      });
  });

  it('keeps a rota in use that has no shift left', () => {
    const change = { criticality: 'C1', severity: 'S1', kind: 'maintenance', cmoc: 'mona' } as const;
    const facts = { change, rota: { eoc: [], imoc: [], cmoc: [] } };
    expect(verdictOf('cmoc-assigned', facts)?.verdict).toBe('pass');
    expect(verdictOf('cmoc-assigned', { ...facts, sources: [{ ...lost, of: 'cmoc' }] })?.verdict).toBe(
      'unknown',
    );
  });
});
