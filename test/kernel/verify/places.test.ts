import { describe, expect, it } from 'vitest';
import type { QueryOutcome } from '../../../src/kernel/verify/series.ts';
import { placesOf } from '../../../src/kernel/verify/targets.ts';

const up = (series: readonly Readonly<Record<string, string>>[]): QueryOutcome => ({
  ok: true,
  value: { series: series.map((labels) => ({ labels, value: 1 })), evaluatedAtMs: 0, warnings: [] },
});
const asked = {
  targets: ['db-1', 'web'],
  targetLabels: ['target', 'instance'],
  environmentLabel: 'environment',
};

describe('where monitoring sees the targets of a plan', () => {
  it.each([
    ['in one environment', [{ target: 'db-1', environment: 'shop' }], { 'db-1': ['shop'], web: [] }],
    [
      'by instance, with a port',
      [{ instance: 'web:9100', environment: 'shop' }],
      { 'db-1': [], web: ['shop'] },
    ],
    [
      'in two environments',
      [
        { target: 'web', environment: 'shop' },
        { target: 'web', environment: 'lab' },
      ],
      { 'db-1': [], web: ['lab', 'shop'] },
    ],
    ['without the label that would say it', [{ target: 'web' }], { 'db-1': [], web: [] }],
    ['nowhere', [], { 'db-1': [], web: [] }],
  ])('%s', (_, series, places) => {
    expect(placesOf(up(series as Record<string, string>[]), asked)).toEqual(places);
  });

  it('is nowhere when Prometheus did not answer', () => {
    expect(placesOf({ ok: false, because: 'refused' }, asked)).toEqual({ 'db-1': [], web: [] });
  });
});
