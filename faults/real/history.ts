import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf, type Chance } from '../chance.ts';
import { examine } from './examine.ts';
import { inflict } from './inflict.ts';
import { peopleOf, type People } from './people.ts';
import { drawPlan, readWitness, type PlannedStep } from './plan.ts';
import { BEGINNINGS, drawFaults, textOf, type Beginning, type Fault, type FaultKind } from './schedule.ts';
import { openSite, type Site } from './site.ts';
import type { Prepared } from './world.ts';

/** What a history has come to. */
export interface History {
  readonly seed: string;
  readonly beginning: Beginning;
  readonly faults: readonly Fault[];
  readonly struck: readonly FaultKind[];
  readonly ends: readonly string[];
  readonly violations: readonly string[];
  /** Where everything is kept, if it violated something. */
  readonly folder: string | null;
  readonly lastedMs: number;
}

export interface Where {
  readonly prepared: Prepared;
  /** Faults that cannot be made here. */
  readonly impossible: readonly FaultKind[];
}

/** After the last fault is over a run must come to its end, and its runner too. */
const CALM_MS = 45_000;
const LOOK_EVERY_MS = 150;

/** One history of real processes: its plan, its faults and what its people do come from the seed. */
export async function realHistory(seed: string, { prepared, impossible }: Where): Promise<History> {
  const chance = chanceOf(seed);
  const beginning = chance.oneOf([...BEGINNINGS]);
  // Drawn of all, so that a seed means the same everywhere; what cannot be made here does not strike.
  const faults = drawFaults(chance);
  const possible = faults.filter(({ kind }) => !impossible.includes(kind));
  const began = performance.now();
  const name = seed.replaceAll(/\W/g, '-');
  const log = path.join(prepared.folder, name, 'history.log');
  const tell = (line: string) => appendFileSync(log, `${Math.round(performance.now() - began)} ms ${line}\n`);
  const needs = (kind: FaultKind) => possible.some((fault) => fault.kind === kind);
  const disks = {
    ledger: needs('fill the disk of the ledger'),
    journal: needs('fill the disk of the journal'),
  };
  const site = await openSite(prepared, name, { disks, tell });
  tell(`${beginning}; ${faults.map(textOf).join('; ')}`);
  const people = peopleOf(site, chance);
  const struck: FaultKind[] = [];
  let steps: readonly PlannedStep[] = [];
  const violations: string[] = [];
  let ends: readonly string[] = [];
  try {
    await site.startServer();
    const opened = await openChanges(chance, { site, people, beginning });
    steps = opened.steps;
    violations.push(...(await live({ site, people, faults: possible, struck, ...opened })));
    await site.endServer('stop');
    const alerts = struck.filter((kind) => kind === 'fire an alert').length;
    const found = await examine({ site, steps, alerts });
    violations.push(...found.violations);
    ends = found.ends;
  } catch (error) {
    violations.push(
      `the history could not be told to its end: ${error instanceof Error ? error.stack : String(error)}`,
    );
  } finally {
    for (const violation of violations) tell(`VIOLATION ${violation}`);
    await site.clear();
  }
  const folder = violations.length > 0 ? site.folder : null;
  if (folder === null) await rm(site.folder, { recursive: true, force: true });
  const lastedMs = Math.round(performance.now() - began);
  return { seed, beginning, faults, struck, ends, violations, folder, lastedMs };
}

interface Opened {
  readonly changes: readonly string[];
  readonly steps: readonly PlannedStep[];
  readonly starts: readonly string[];
}

async function openChanges(
  chance: Chance,
  {
    site,
    people,
    beginning,
  }: { readonly site: Site; readonly people: People; readonly beginning: Beginning },
): Promise<Opened> {
  const severe = beginning === 'two severe changes';
  const marks = severe ? ['left ', 'right '] : ['step '];
  const plans = marks.map((mark) => drawPlan(chance, site.files, { mark, severe }));
  const changes: string[] = [];
  for (const { plan } of plans) changes.push(await people.open(plan));
  const starts = beginning === 'two starts of one change' ? [...changes, ...changes] : changes;
  return { changes, steps: plans.flatMap(({ steps }) => steps), starts };
}

interface Living extends Opened {
  readonly site: Site;
  readonly people: People;
  readonly faults: readonly Fault[];
  readonly struck: FaultKind[];
}

/** Starts the runs, has the faults strike, and looks after the runs until they have ended. Gives what was violated by then. */
async function live(living: Living): Promise<string[]> {
  const { site, people, changes, starts } = living;
  const strikes = arm(living);
  for (const change of starts) site.run(change);
  let calmSince: number | null = null;
  for (;;) {
    if (!strikes.inForce()) calmSince ??= performance.now();
    else calmSince = null;
    const calm = calmSince !== null && performance.now() - calmSince > 1_000;
    const runs = [];
    for (const change of changes) runs.push(await people.lookAfter(change, calm));
    if (!strikes.inForce() && runs.every((run) => run?.endedAt != null)) break;
    if (calmSince !== null && performance.now() - calmSince > CALM_MS) {
      await strikes.over();
      return [
        ...strikes.failed,
        `after ${CALM_MS / 1_000} s without a fault: ${runs.map(stateText).join('; ')}`,
      ];
    }
    await sleep(LOOK_EVERY_MS);
  }
  await strikes.over();
  for (let waited = 0; waited < 20_000 && site.runners.some(({ alive }) => alive()); waited += 100)
    await sleep(100);
  const left = site.runners.filter(({ alive }) => alive());
  const hanging = left.map(
    ({ change, pid }) => `the runner of ${change}, pid ${pid}, does not end although its run has`,
  );
  return [...strikes.failed, ...hanging];
}

function stateText(run: Awaited<ReturnType<People['lookAfter']>>): string {
  if (run === null) return 'no run';
  const steps = run.steps.map(({ name, state, because }) => `${name}: ${state} (${because ?? ''})`);
  return `${run.id} is ${run.state}, held by ${run.hold?.cause} (${run.hold?.because}); ${steps.join(', ')}`;
}

/** Has each fault strike at its point. */
function arm({ site, people, faults, struck }: Living) {
  const waiting = new Set(faults);
  const began = performance.now();
  let lasting = 0;
  const overs: Promise<unknown>[] = [];
  const failed: string[] = [];
  const strike = async (fault: Fault) => {
    waiting.delete(fault);
    struck.push(fault.kind);
    lasting += 1;
    const standing = inflict(fault, site, people);
    const over = standing.then((stands) => stands.over).finally(() => (lasting -= 1));
    overs.push(over);
    over.catch((error: unknown) => failed.push(`the fault \`${fault.kind}\` failed: ${String(error)}`));
    // What a request waits for is that the fault stands, and that not for ever: a veto is heard by nobody on a cut network.
    await Promise.race([standing, sleep(1_000)]);
  };
  site.way.onPassing = async (passing) => {
    site.tell(`${passing.when} ${passing.what} ${passing.nth}`);
    for (const fault of waiting) {
      const { at } = fault;
      if (at.by === 'passing' && at.nth === passing.nth && at.when === passing.when) await strike(fault);
    }
  };
  const looking = setInterval(() => {
    const { beginnings } = readWitness(site.files);
    for (const fault of waiting) {
      const { at } = fault;
      const elapsed = performance.now() - began;
      if (at.by === 'beginning' ? beginnings >= at.nth : at.by === 'time' && elapsed >= at.ms)
        void strike(fault);
    }
  }, 20);
  return {
    /** Faults that could not be made or ended: then the history says nothing. */
    failed,
    inForce: () => lasting > 0,
    over: async () => {
      clearInterval(looking);
      site.way.onPassing = async () => undefined;
      await Promise.allSettled(overs);
    },
  };
}
