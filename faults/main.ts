import { parseArgs } from 'node:util';
import { history, type Told } from './simulation/history.ts';
import { shrunk } from './simulation/shrink.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    /** How many histories. */
    runs: { type: 'string', default: '5000' },
    /** One of them alone, with all that happened. */
    history: { type: 'string' },
  },
});
const seed = values.seed ?? String(Date.now());
const only = values.history;
process.exitCode = only === undefined ? await simulate(Number(values.runs)) : await replay(`${seed}:${only}`);

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
