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

  it('keeps no emergency from being done where it is a tracker; where it is another peer, it does', () => {
    const rota = [{ person: 'cora', start: '2026-11-17T00:00:00Z', end: '2026-11-18T00:00:00Z' }];
    const word = { for: 'emergency', via: 'app', digest: 'sha256:aa', at: '2026-11-17T09:55:00Z' } as const;
    const emergency = {
      change: {
        severity: 'S1' as const,
        author: 'ana',
        resolvesIncident: 'INC-1',
        plan: { digest: 'sha256:aa' },
        approvals: [
          { person: 'cora', as: 'eoc' as const, ...word, expiresAt: null },
          { person: 'ira', as: 'imoc' as const, ...word, expiresAt: null },
        ],
      },
      people: { cora: [], ira: [] },
      rota: { eoc: rota, imoc: rota.map((shift) => ({ ...shift, person: 'ira' })), cmoc: [] },
      incidents: [{ id: 'INC-1', severity: 'S1' as const, status: 'active' as const }],
    };
    const asked = (more: object) =>
      verdictOf('no-active-incident', {
        ...emergency,
        sources: [{ ...lost, of: 'incidents', source: 'gitlab', ...more }],
      });
    expect(asked({ tracker: true })).toMatchObject({
      verdict: 'excepted',
      because: expect.stringMatching(/Only INC-1 is active.*gitlab.*was last heard at 2026-11-17T09:00/),
    });
    expect(asked({})?.verdict).toBe('unknown');
    expect(
      verdictOf('no-active-incident', {
        ...emergency,
        incidents: [],
        sources: [{ ...lost, of: 'incidents', source: 'gitlab', tracker: true }],
      })?.verdict,
    ).toBe('unknown');
  });

  it.each([
    ['schedule', undefined],
    ['complete', undefined],
    ['rollback', 'warn'],
  ] as const)('keeps no `%s` of a change from being done', (action, verdict) => {
    const sources = [{ ...lost, of: 'incidents' as const }];
    expect(verdictOf('no-active-incident', { action, sources })?.verdict).toBe(verdict);
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
