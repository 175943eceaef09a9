import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readSentPlan } from '../../src/app/change/read-plan.ts';
import { policyInForce } from '../../src/app/read-policy.ts';
import { readPlansAside } from '../../src/read-plans-aside.ts';
import { sha256 } from '../../src/store/ledger-crypto.ts';
import { SHIPPED_POLICY } from '../kit/server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { policy } = policyInForce(SHIPPED_POLICY, await readFile(SHIPPED_POLICY, 'utf8'), sha256);
const plan = await readFile(path.join(root, 'demo/plan/raise-work-mem.yaml'), 'utf8');
const script = await readFile(path.join(root, 'demo/plan/set-work-mem.sh'), 'utf8');
const sent = { file: 'raise-work-mem.yaml', plan, scripts: { 'set-work-mem.sh': script } };

const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

function aside(limits?: { timeoutMs: number; memoryMb: number }) {
  const plans = readPlansAside(policy, limits);
  closers.push(plans.close);
  return plans;
}

it('reads a plan as the linter does, its flaws and its mistakes too', async () => {
  const plans = aside();
  const unfinished = { ...sent, plan: plan.replace(/^objective: .*$/m, 'objective: Change Step 1') };
  const wrong = { ...sent, plan: `${plan}\nnonsense: 1\n` };
  for (const one of [sent, unfinished, wrong]) {
    expect(await plans.read(one)).toEqual(readSentPlan({ policy, hash: sha256 }, one));
  }
});

it('refuses a plan that takes too long or too much, and reads the next one', async () => {
  const steps = Array.from({ length: 4_000 }, (_, i) => `  - { name: step ${i}, command: [echo, '${i}'] }`);
  const huge = { ...sent, plan: plan.replace(/^steps:$/m, `steps:\n${steps.join('\n')}`) };
  const limits = { timeoutMs: 50, memoryMb: 512 };
  const plans = aside(limits);
  expect(await plans.read(huge)).toMatchObject({
    ok: false,
    refusal: {
      code: 'invalid',
      because: 'expected a plan that is read within 0.05 s, got one that takes longer',
    },
  });
  Object.assign(limits, { timeoutMs: 60_000, memoryMb: 10 });
  expect(await plans.read(huge)).toMatchObject({
    ok: false,
    refusal: { because: 'expected a plan that is read with 10 MB of memory, got one that takes more' },
  });
  Object.assign(limits, { memoryMb: 512 });
  expect(await plans.read(sent)).toMatchObject({ ok: true });
});

it('answers those together that waited together', async () => {
  const plans = aside();
  let turn = 0;
  const beat = setInterval(() => (turn += 1), 0);
  const begun = Math.max(1, availableParallelism() - 1);
  const turns = await Promise.all(Array.from({ length: begun + 8 }, () => plans.read(sent).then(() => turn)));
  clearInterval(beat);
  expect(new Set(turns.slice(begun)).size).toBe(1);
});

it('refuses of those that waited together the one that takes too much, and no other', async () => {
  const steps = Array.from({ length: 1_500 }, (_, i) => `  - { name: step ${i}, command: [echo, '${i}'] }`);
  const large = { ...sent, plan: plan.replace(/^steps:$/m, `steps:\n${steps.join('\n')}`) };
  const plans = aside({ timeoutMs: 60_000, memoryMb: 20 });
  const all = Array.from({ length: 20 }, (_, place) => plans.read(place === 15 ? large : sent));
  const refused = (await Promise.all(all)).map(({ ok }) => !ok);
  expect(refused.flatMap((is, place) => (is ? [place] : []))).toEqual([15]);
});

it('lets other work go on while it reads', async () => {
  const plans = aside();
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 1);
  const all = await Promise.all(Array.from({ length: 50 }, () => plans.read(sent)));
  clearInterval(beat);
  expect(all.every(({ ok }) => ok)).toBe(true);
  expect(turns).toBeGreaterThan(10);
});

it('a plan that is being read when it is closed fails, and says why', async () => {
  const plans = aside();
  const read = plans.read(sent);
  await plans.close();
  await expect(read).rejects.toMatchObject({ code: 'internal' });
});
