import { randomUUID } from 'node:crypto';
import type { EffectOf } from '../../contract/effects.ts';
import type { Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { AppContext } from '../context.ts';
import type { RunEvent } from './run-file.ts';

/** What of a run is told in the thread of its change, with how it begins. The rest stands in the ledger. */
const TOLD: Readonly<Record<string, string>> = {
  'run.started': 'started',
  'run.preflight': 'pre-flight checks',
  'run.corrective': 'corrective action',
  'run.step': 'step',
  'run.step-settled': 'step settled',
  'run.postchecks': 'post-verification checks',
  'run.held': 'held',
  'run.went-on': 'goes on',
  'run.runner-lost': 'runner lost',
  'run.runner-left': 'runner left',
  'run.taken-over': 'taken over',
  'run.ended': 'ended',
};

/** A message is read in passing; the run holds the rest. */
const LONGEST = 500;

/** Tells what happened to a run where its change is talked of, if that is elsewhere: in the transaction of what happened. */
export async function tellStory(
  tx: Transaction,
  { policy }: Pick<AppContext, 'policy'>,
  run: { readonly id: string; readonly changeId: string },
  events: readonly RunEvent[],
): Promise<void> {
  const connection = policy.file.connections.chat;
  if (connection === 'builtin') return;
  const about = `change/${run.changeId}`;
  for (const event of events) {
    const how = TOLD[event.type];
    if (how === undefined) continue;
    const { step } = event.details ?? {};
    const what = typeof step === 'string' ? `${how} \`${step}\`` : how;
    const body = `${run.id} ${what}: ${event.reason}`;
    const short = body.length > LONGEST ? `${body.slice(0, LONGEST - 1)}…` : body;
    const payload: EffectOf<'chat'>['payload'] = {
      about,
      body: short.toWellFormed().replaceAll('\0', '\uFFFD'),
    };
    await insertEffect(tx, {
      key: `story:${run.id}:${randomUUID()}`,
      topic: 'chat',
      payload,
      connection,
      about,
    });
  }
}
