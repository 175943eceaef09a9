import { parseArgs } from 'node:util';
import { campaign } from './real/campaign.ts';
import { history, type Told } from './simulation/history.ts';
import { shrunk } from './simulation/shrink.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    /** Real processes instead of the simulation. */
    real: { type: 'boolean', default: false },
    /** How many histories: of the simulation 5000, of real ones 20. */
    runs: { type: 'string' },
    /** One of them alone, with all that happened. */
    history: { type: 'string' },
  },
});
const seed = values.seed ?? String(Date.now());
const only = values.history;
// What a campaign has started is ended when this process is.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
if (values.real) process.exitCode = await disturb(Number(values.runs ?? 20));
else if (only === undefined) process.exitCode = await simulate(Number(values.runs ?? 5_000));
else process.exitCode = await replay(`${seed}:${only}`);

/** Real histories; what is drawn from the seed is the same again, how the processes are scheduled is not. */
async function disturb(runs: number): Promise<number> {
  console.log(`seed ${seed}: real histories`);
  const began = performance.now();
  const told = await campaign({
    seed,
    histories: only === undefined ? Array.from({ length: runs }, (_, index) => index) : [Number(only)],
    monitored: true,
    tell: (line) => console.log(line),
  });
  const struck = told.flatMap((one) => one.struck).length;
  const violated = told.filter(({ violations }) => violations.length > 0).length;
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`${told.length} histories, ${struck} faults struck, ${minutes} minutes; violated: ${violated}`);
  return violated === 0 ? 0 : 1;
}

/** Many histories, each of its own seed; every one that violates an invariant is told of with how to see it again. */
async function simulate(runs: number): Promise<number> {
  console.log(`seed ${seed}: ${runs} histories`);
  const began = performance.now();
  const ends = new Map<string, number>();
  let violated = 0;
  for (let index = 0; index < runs; index += 1) {
    const told = await history(`${seed}:${index}`);
    ends.set(told.end, (ends.get(told.end) ?? 0) + 1);
    if (told.violation === null) continue;
    violated += 1;
    console.log(
      `${told.violation.split('\n', 1).join()}\n  npm run faults -- --seed ${seed} --history ${index}`,
    );
  }
  const minutes = (performance.now() - began) / 60_000;
  const ended = [...ends].map(([state, count]) => `${count} ${state}`).join(', ');
  console.log(`${Math.round(runs / minutes)} a minute; ended: ${ended}; violated: ${violated}`);
  return violated === 0 ? 0 : 1;
}

async function replay(one: string): Promise<number> {
  const told = await history(one);
  if (told.violation === null) return show(told);
  const least = await shrunk(told);
  console.log(`${told.faults.length} faults, of which ${least.faults.length} suffice`);
  return show(least);
}

function show({ trace, violation, end }: Told): number {
  console.log(trace.join('\n'));
  console.log(violation ?? `nothing is violated; the run is ${end}`);
  return violation === null ? 0 : 1;
}
