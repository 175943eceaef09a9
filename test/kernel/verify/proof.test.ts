import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JudgedProbe, PARTS, PROBES } from '../../../src/kernel/verify/probe.ts';
import { judgeProof } from '../../../src/kernel/verify/proof.ts';
import { VERDICTS } from '../../../src/kernel/verify/verdict.ts';

const healthy: readonly JudgedProbe[] = [
  ...(['M1', 'M2', 'M3', 'M5', 'M6', 'M7', 'M13'] as const).map((probe) => ({
    probe,
    part: 'prometheus' as const,
  })),
  ...(['M1', 'M8', 'M9', 'M10'] as const).map((probe) => ({ probe, part: 'alertmanager' as const })),
  { probe: 'M12' as const, part: 'thanos' as const },
].map((one) => ({ ...one, verdict: 'pass', because: '' }));

describe('a proof', () => {
  it('passes when every probe does', () => {
    expect(judgeProof(healthy)).toEqual({ prometheus: 'pass', alertmanager: 'pass', thanos: 'pass' });
  });

  it('of nothing is unknown', () => {
    expect(judgeProof([])).toEqual({ prometheus: 'unknown', alertmanager: 'unknown', thanos: 'unknown' });
  });

  it.each(healthy)('without $probe of $part is unknown for that part alone', (missing) => {
    const verdicts = judgeProof(healthy.filter((one) => one !== missing));
    for (const part of PARTS) expect(verdicts[part]).toBe(part === missing.part ? 'unknown' : 'pass');
  });

  it('passes for a part only if nothing of it failed or is unknown', () => {
    const probe = fc.record({
      probe: fc.constantFrom(...PROBES),
      part: fc.constantFrom(...PARTS),
      verdict: fc.constantFrom(...VERDICTS),
      because: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(probe), (more) => {
        const verdicts = judgeProof([...healthy, ...more]);
        for (const part of PARTS) {
          const own = more.filter((one) => one.part === part).map(({ verdict }) => verdict);
          const wanted = own.includes('fail') ? 'fail' : own.includes('unknown') ? 'unknown' : 'pass';
          expect(verdicts[part]).toBe(wanted);
        }
      }),
    );
  });
});
