import { describe, expect, it } from 'vitest';
import type { WatchdogHeard } from '../../src/app/ports/monitoring.ts';
import { probeOf, proveMonitoring } from '../kit/monitoring-proof.ts';

// M11 needs no program: it is our own webhook that was reached, or was not.

const nothing = { prometheus: null, alertmanager: null, thanos: null } as const;
const settings = { timeout: '100 ms', watchdog: { notifiedWithin: '5 s' } };
const ask = async (watchdogHeard?: WatchdogHeard) =>
  probeOf(await proveMonitoring(nothing, { settings, ...(watchdogHeard ? { watchdogHeard } : {}) }), 'M11');

describe("the Watchdog's notification", () => {
  it('is not asked for where no setting names its interval', async () => {
    const proof = await proveMonitoring(nothing, { watchdogHeard: async () => null });
    expect(proof.probes.filter(({ probe }) => probe === 'M11')).toEqual([]);
  });

  it('passes when it came in time', async () => {
    expect(await ask(async () => Date.now() - 1_000)).toMatchObject({
      verdict: 'pass',
      part: 'alertmanager',
    });
  });

  it.each<[string, WatchdogHeard, string]>([
    ['it came too long ago', async () => Date.now() - 6_000, 'fail'],
    ['it never came', async () => null, 'fail'],
    ['it will come', async () => Date.now() + 60_000, 'unknown'],
    ['nobody can tell', () => Promise.reject(new Error('the database is away')), 'unknown'],
    ['nobody tells in time', () => new Promise<number>(() => undefined), 'unknown'],
  ])('does not when %s', async (_case, heard, verdict) => {
    expect(await ask(heard)).toMatchObject({ verdict });
  });

  it('does not when nothing here receives it', async () => {
    expect(await ask()).toMatchObject({ verdict: 'unknown' });
  });
});
