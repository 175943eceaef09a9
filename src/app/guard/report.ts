import type { GuardedCommand, GuardedReport } from '../../contract/guarded-commands.ts';
import type { Transaction } from '../../store/database.ts';
import {
  endGuarded,
  insertGuardedCommand,
  lockGuardedByKey,
  type GuardedCommandRow,
} from '../../store/guarded-commands.ts';
import { isSameHuman } from '../../store/humans.ts';
import { insertEvent } from '../../store/incident-events.ts';
import { incidentsFor } from '../../store/incidents.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { guardedView } from './view.ts';

/** The longest part of a command that goes into the record of an incident. */
const SHOWN = 500;

/**
 * Takes what a bastion wrote down of a command: at its begin, with its end, or both at once long afterwards. The same key is the
 * same command, so it may be sent as often as it has to be. It is never refused for what it says of an incident: it has happened.
 */
export async function reportGuarded(
  context: AppContext,
  call: Call,
  key: string,
  report: GuardedReport,
): Promise<Outcome<GuardedCommand>> {
  const deed = { type: 'guard.reported', action: 'report-guarded', object: `guard/${key}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const fresh = await begun(tx, call, key, report);
    const row = fresh ?? (await lockGuardedByKey(tx, key));
    if (row === null || row.person !== call.actor.person)
      return refuse('conflict', 'expected a key of your own, got one of another person’s command');
    const end = row.ended === null ? report.ended : null;
    const value = guardedView(end === null ? row : await endGuarded(tx, row.id, end));
    return done({
      value,
      object: `guard/${row.id}`,
      reason: reasonOf(fresh !== null, end !== null),
      after: digestOf(context, value),
      digests: { argv: digestOf(context, row.argv) },
      details: { incident: row.incident_id, bastion: row.bastion },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Keeps a command that is new, writes it into the record of its incident and tells who is on call. */
async function begun(
  tx: Transaction,
  { actor }: Call,
  key: string,
  report: GuardedReport,
): Promise<GuardedCommandRow | null> {
  const { targets, argv, observer } = report;
  const incident = await incidentOf(tx, report.incident);
  const row = await insertGuardedCommand(tx, {
    key,
    person: actor.person,
    bastion: actor.host?.name ?? '',
    incidentSaid: report.incident,
    incident,
    targets,
    argv,
    observer,
    startedAt: new Date(report.startedAt),
  });
  if (row === null) return null;
  const text = textOf(row);
  if (incident !== null) await insertEvent(tx, incident, { kind: 'note', by: actor.person, text });
  const { eoc, imoc } = await onDutyNow(tx);
  const onCall = [eoc, imoc].filter((person) => person !== undefined);
  const to: string[] = [];
  for (const person of onCall) if (!(await isSameHuman(tx, person, [actor.person]))) to.push(person);
  await tellPeople(tx, {
    to,
    key: `guarded:${row.id}`,
    kind: 'guarded-command',
    about: `guard/${row.id}`,
    body: `${row.id}, to be reviewed: ${actor.person} ${text}`,
  });
  return row;
}

/** The incident that was said, where there is one of that name; where none was said, the one that is active alone. */
async function incidentOf(tx: Transaction, said: string | null): Promise<string | null> {
  const found = await incidentsFor(tx, said);
  if (said !== null) return found.find(({ id }) => id === said)?.id ?? null;
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

function textOf({ bastion, targets, argv, observer }: GuardedCommandRow): string {
  const line = argv.map((argument) => JSON.stringify(argument)).join(' ');
  const shown = line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()}…` : line;
  const on = targets.map(({ name }) => name).join(', ');
  return `by hand on ${bastion}, target ${on || 'none'}${observer === null ? '' : `, observed by ${observer}`}: ${shown}`;
}

function reasonOf(fresh: boolean, ending: boolean): string {
  if (fresh) return ending ? 'heard of after its end' : 'begun';
  return ending ? 'ended' : 'heard of again';
}
