import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../src/contract/plan.ts';
import { dryRun } from '../../src/runner/dry-run.ts';
import { planOf, planText } from '../plan/sound-plan.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'interlock-dry-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sound plan with one step, which runs this script with these arguments as its dry run. */
function planWith(text: string, args: readonly string[] = []): Plan {
  writeFileSync(path.join(folder, 'try.sh'), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { plan } = planOf(planText());
  const [step] = plan.steps;
  if (!step) throw new Error('expected the sound plan to have a step');
  const { command: _command, ...rest } = step;
  const script = { path: 'try.sh', sha256, interpreter: ['/bin/sh'], arguments: [], dryRun: [...args] };
  return {
    ...plan,
    steps: [{ ...rest, script, passEnv: [], env: {} }],
    rollback: { ...plan.rollback, steps: [] },
  };
}

const run = (plan: Plan) =>
  dryRun(plan, {
    planFolder: folder,
    scripts: path.join(folder, 'frozen'),
    bastion: {},
    cwd: folder,
    graceMs: 1_000,
    secrets: [],
    onLine: () => undefined,
  });

it('a dry run keeps the order in which a script writes to its two streams, also within a line', async () => {
  const script = 'for n in 1 2 3 4 5 6 7 8 9; do printf "out$n "; printf "err$n " >&2; done; echo end\n';
  const { ok, output } = await run(planWith(script));
  const written = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `out${n} err${n} `).join('');
  expect(output).toContain(`\n${written}end\n`);
  expect(ok).toBe(true);
});

it('a dry run gives the script its arguments as they are, and its exit status counts', async () => {
  const plan = planWith('printf "%s|" "$@"; exit 3\n', ['a b', '$(id)', '*', '; rm -rf x', '']);
  const { ok, output } = await run(plan);
  expect(output).toContain('\na b|$(id)|*|; rm -rf x||\n= exit 3\n');
  expect(ok).toBe(false);
});
