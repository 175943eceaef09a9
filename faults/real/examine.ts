import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openLedger, verifyWholeLedger } from '../../src/app/ledger.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';
import { startEmbedded } from '../../src/embedded/server.ts';
import { readJournal } from '../../src/runner/read-journal.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { violationsInLedger, violationsInRecords, type Entry } from '../invariants.ts';
import { readWitness, type PlannedStep } from './plan.ts';
import type { Site } from './site.ts';

/** What a history is known by once it is over. */
export interface Over {
  readonly site: Site;
  readonly steps: readonly PlannedStep[];
  /** How many alerts were fired that are incidents. */
  readonly alerts: number;
}

/** The invariants of SAFETY section 1, on what a history has left behind: database, ledger, journals, and what the steps told. */
export async function examine(
  over: Over,
): Promise<{ violations: readonly string[]; ends: readonly string[] }> {
  const { data } = over.site;
  const embedded = await startEmbedded({ dataDir: data, log: () => undefined, diesWithUs: true });
  const db = openDatabase(embedded.url);
  try {
    const entries = await entriesOf(db);
    const ledger = await openLedger(db, {
      keyFile: path.join(data, 'ledger.key'),
      anchorFile: path.join(data, 'checkpoint'),
      anchorRequired: true,
    });
    const { faults } = await verifyWholeLedger(ledger);
    const violations = [
      ...faults.map(({ code, message }) => `the ledger: ${code}, ${message}`),
      ...(await violationsInRecords(db)),
      ...violationsInLedger(entries),
      ...movedAgainst(entries),
      ...(await journalsAgainst(over, db, entries)),
      ...(await stepsAgainst(over, db)),
      ...(await others(over, db, entries)),
    ];
    const runs = await db.selectFrom('runs').select(['id', 'state', 'epoch']).orderBy('id').execute();
    return { violations, ends: runs.map(({ id, state, epoch }) => `${id} ${state}, epoch ${epoch}`) };
  } finally {
    await db.destroy();
    await embedded.stop();
  }
}

async function entriesOf(db: Database): Promise<readonly Entry[]> {
  const rows = await db.selectFrom('ledger_entries').select('entry').orderBy('index').execute();
  return rows.map(({ entry }) => JSON.parse(entry) as Entry);
}

/**
 * INVARIANT: while a veto stood no step was granted, and while an incident stood no segment was begun; what undoes is not stopped
 * by them. An incident takes hold where the change may rest.
 */
function movedAgainst(entries: readonly Entry[]): string[] {
  const vetoes = new Set<string>();
  const incidents = new Set<string>();
  const begun = new Set<unknown>();
  const violations: string[] = [];
  for (const { type, object, action, outcome, details } of entries) {
    const { veto, grant } = (details ?? {}) as { veto?: string; grant?: string };
    if (outcome === 'allow' && type === 'veto.laid') vetoes.add(`veto/${veto}`);
    if (outcome === 'allow' && type === 'veto.lifted') vetoes.delete(`veto/${veto}`);
    if (outcome === 'allow' && type === 'incident.opened') incidents.add(String(object));
    if (outcome === 'allow' && type === 'incident.resolved') incidents.delete(String(object));
    if (type !== 'run.granted') continue;
    const against = [...vetoes, ...(begun.has(grant) ? [] : incidents)];
    begun.add(grant);
    if (action === 'step' && against.length > 0)
      violations.push(`a step granted while there stood ${against.join(', ')}`);
  }
  return violations;
}

/** INVARIANT: no effect without an intent in a journal, no intent without a grant of the same epoch that the ledger tells of. */
async function journalsAgainst(
  { site, steps }: Over,
  db: Database,
  entries: readonly Entry[],
): Promise<string[]> {
  const told = new Set(
    entries
      .filter(({ type }) => type === 'run.granted')
      .map(({ details }) => (details as { grant?: string }).grant),
  );
  const grants = await db.selectFrom('grants').select(['id', 'run_id', 'epoch']).execute();
  const violations = grants
    .filter(({ id }) => !told.has(id))
    .map(({ id }) => `a grant that the ledger does not tell of: ${id}`);
  const intents = journals(site).filter(({ kind }) => kind === 'intent');
  for (const { run, grant, epoch } of intents) {
    const given = grants.find(({ id }) => id === grant);
    if (given === undefined || given.run_id !== run || given.epoch !== epoch)
      violations.push(`an intent without its grant: ${grant} of ${run}, epoch ${epoch}`);
  }
  const { begun } = readWitness(site.files);
  for (const { name } of steps) {
    const meant = intents.filter((one) => one.kind === 'intent' && one.step === name).length;
    if ((begun.get(name) ?? 0) > meant)
      violations.push(`\`${name}\` began ${begun.get(name)} times, the journals tell of ${meant} intents`);
  }
  return violations;
}

function journals({ state }: Site): JournalEntry[] {
  const runs = path.join(state, 'runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs).flatMap((run) => [...readJournal(path.join(runs, run, 'journal.jsonl')).entries]);
}

/** INVARIANT: an effect comes once unless it may come again, one at a time, and is where the records say that it is. */
async function stepsAgainst({ site, steps }: Over, db: Database): Promise<string[]> {
  const { begun, effects, overlaps } = readWitness(site.files);
  const violations = overlaps.map((name) => `\`${name}\` began while another step was worked on`);
  for (const { name, idempotent } of steps) {
    const times = effects.get(name) ?? 0;
    if (!idempotent && times > 1)
      violations.push(`\`${name}\` is not idempotent and happened ${times} times`);
  }
  const records = await db
    .selectFrom('run_steps')
    .innerJoin('runs', 'runs.id', 'run_steps.run_id')
    .select(['run_id', 'name', 'run_steps.state', 'runs.state as run_state', 'list', 'settlement'])
    .execute();
  for (const { run_id, name, state, run_state, list } of records) {
    const happened = (effects.get(name) ?? 0) > 0;
    if (state === 'succeeded' && !happened)
      violations.push(`${run_id}: \`${name}\` succeeded and never happened`);
    if (state === 'pending' && begun.has(name))
      violations.push(`${run_id}: \`${name}\` is pending and was begun`);
    if (run_state === 'succeeded' && list === 'steps' && state !== 'succeeded')
      violations.push(`${run_id} succeeded, \`${name}\` is ${state}`);
  }
  return violations;
}

/** What is left: every run at its end, take-overs recorded, nothing lost that was acknowledged, one incident for one alert. */
async function others({ site, alerts }: Over, db: Database, entries: readonly Entry[]): Promise<string[]> {
  const violations: string[] = [];
  const runs = await db
    .selectFrom('runs')
    .select(['id', 'change_id', 'epoch', 'ended_at', 'state'])
    .execute();
  for (const { id, change_id, epoch, ended_at, state } of runs) {
    if (ended_at === null) violations.push(`${id} cannot be brought to its end: it is ${state}`);
    const taken = entries.filter(
      ({ type, object }) => type === 'run.taken-over' && object === `change/${change_id}`,
    ).length;
    if (taken !== epoch - 1)
      violations.push(`${id} has epoch ${epoch}, and ${taken} take-overs are recorded`);
  }
  const grants = await db.selectFrom('grants').select('id').execute();
  const kept = new Set(grants.map(({ id }) => id));
  for (const grant of site.way.grants)
    if (!kept.has(grant)) violations.push(`${grant} was handed out and is not in the database`);
  const opened = entries.filter(({ type }) => type === 'incident.opened').length;
  if (opened > alerts) violations.push(`${alerts} alerts made ${opened} incidents`);
  return violations;
}
