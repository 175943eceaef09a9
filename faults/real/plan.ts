import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Chance } from '../chance.ts';

const STEP = path.resolve(import.meta.dirname, 'step.sh');
export const ENVIRONMENT = 'illumidesk.com';

/** Where the steps of a history tell what they do. */
export interface WitnessFiles {
  readonly witness: string;
  readonly lock: string;
}

/** What a history's invariants need to know of a step. */
export interface PlannedStep {
  readonly name: string;
  readonly idempotent: boolean;
}

export interface Planned {
  readonly plan: Record<string, unknown>;
  readonly steps: readonly PlannedStep[];
}

/** A plan of a few steps, drawn from chance. `mark` goes into the names, so that two plans can share one witness. */
export function drawPlan(
  chance: Chance,
  { witness, lock }: WitnessFiles,
  { mark, severe }: { readonly mark: string; readonly severe: boolean },
): Planned {
  const steps: Record<string, unknown>[] = [];
  const rollback: Record<string, unknown>[] = [];
  const planned: PlannedStep[] = [];
  const count = chance.between(2, 4);
  for (let index = 1; index <= count; index += 1) {
    const name = `${mark}${index}`;
    const idempotent = chance.happens(0.4);
    const interruptible = chance.happens(0.4);
    const undone = chance.happens(0.5);
    const how = interruptible && chance.happens(0.3) ? 'stubborn' : 'plain';
    const lasts = chance.oneOf(['0', '300', '1000', '2000']);
    planned.push({ name, idempotent });
    steps.push({
      ...stepOf(name, [STEP, name, witness, lock, lasts, how], witness),
      ...(idempotent && { idempotent }),
      ...(interruptible && { interruptible }),
      ...(chance.happens(0.5) && { probe: told(`${name} happened`, name, witness) }),
      ...(chance.happens(0.2) && index < count && { safeStop: false }),
      undo: undone ? { step: `undo ${name}` } : { nothing: 'it changes nothing that matters' },
    });
    if (!undone) continue;
    const again = { idempotent: chance.happens(0.5) };
    planned.push({ name: `undo ${name}`, ...again });
    rollback.push({
      ...stepOf(`undo ${name}`, [STEP, `undo ${name}`, witness, lock, '200', 'plain'], witness),
      ...(again.idempotent && again),
    });
  }
  return {
    plan: planOf({ severity: severe ? 'S1' : 'S4', steps, rollback: { steps: rollback } }),
    steps: planned,
  };
}

function stepOf(name: string, args: readonly string[], witness: string): Record<string, unknown> {
  return {
    name,
    command: args,
    after: [told(`${name} done`, name, witness)],
    estimate: '1 min',
    timeout: '4 s',
  };
}

/** A check that looks whether the step's effect is there. */
function told(name: string, step: string, witness: string): Record<string, unknown> {
  const argv = ['/usr/bin/grep', '-q', '-x', `effect ${step}`, witness];
  return { name, command: { argv, measure: 'status' }, expect: { equals: 0 } };
}

/** A check that passes on every host. */
const well = (name: string) => ({
  name,
  command: { argv: ['/bin/true'], measure: 'status' },
  expect: { equals: 0 },
});

function planOf(more: Record<string, unknown>): Record<string, unknown> {
  return {
    interlock: 'plan/1',
    title: 'Be disturbed carefully',
    objective: 'Each effect has happened at most once.',
    reason: 'Faults are tried.',
    environment: ENVIRONMENT,
    services: ['shop'],
    kind: 'service',
    criticality: 'C4',
    downtime: '0 min',
    impact: 'None.',
    testedBefore: 'In the simulation, many times.',
    team: ['ben'],
    executor: 'ben',
    estimate: { steps: '5 min', rollback: '5 min' },
    targets: [],
    assumptions: [{ text: 'The host answers.', check: 'host answers' }],
    preflight: [well('host answers')],
    postchecks: [well('all is well')],
    watch: [],
    ...more,
  };
}

/** What the steps have told so far: of each name, how often it has begun and how often its effect came. */
export interface Told {
  readonly begun: ReadonlyMap<string, number>;
  readonly effects: ReadonlyMap<string, number>;
  readonly overlaps: readonly string[];
  /** Lines of beginnings, in all. */
  readonly beginnings: number;
}

export function readWitness({ witness }: WitnessFiles): Told {
  const begun = new Map<string, number>();
  const effects = new Map<string, number>();
  const overlaps: string[] = [];
  let beginnings = 0;
  for (const line of textOf(witness).split('\n')) {
    const [, what, name = ''] = /^(begin|effect|overlap) (.+)$/.exec(line) ?? [];
    if (what === 'begin') beginnings += 1;
    if (what === 'overlap') overlaps.push(name);
    const counted = what === 'begin' ? begun : what === 'effect' ? effects : null;
    counted?.set(name, (counted.get(name) ?? 0) + 1);
  }
  return { begun, effects, overlaps, beginnings };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
