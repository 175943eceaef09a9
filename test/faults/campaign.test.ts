import { expect, it } from 'vitest';
import { chanceOf } from '../../faults/chance.ts';
import { campaign } from '../../faults/real/campaign.ts';
import { drawPlan } from '../../faults/real/plan.ts';
import { drawFaults } from '../../faults/real/schedule.ts';

// The whole campaign is `npm run faults -- --real`; these few of its histories are brief, and each kills something else.
it('keeps the invariants in a handful of histories on real processes', { timeout: 180_000 }, async () => {
  const lines: string[] = [];
  const told = await campaign({
    seed: 'ci',
    histories: [162, 228],
    monitored: false,
    tell: (line) => lines.push(line),
  });
  expect(told.flatMap(({ violations }) => violations)).toEqual([]);
  expect(new Set(told.flatMap(({ struck }) => struck))).toEqual(
    new Set(['kill the server', 'lay a veto', 'kill the postmaster']),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/^ci:162 kept in .* s: one start; kill the server for 0.2 s/),
  );
});

it('draws the same plan and the same faults from the same seed', () => {
  expect(drawn('one')).toEqual(drawn('one'));
  expect(drawn('one')).not.toEqual(drawn('two'));
});

function drawn(seed: string) {
  const chance = chanceOf(seed);
  const files = { witness: '/tmp/witness', lock: '/tmp/lock' };
  return [drawFaults(chance), drawPlan(chance, files, { mark: 'step ', severe: false })];
}
