import type { FactsDocument } from '../contract/facts.ts';
import type { Transaction } from '../store/database.ts';
import { newestProof, type ProofRow } from '../store/monitoring.ts';
import { holdStanding } from '../store/standing.ts';
import type { Call } from './actor.ts';
import type { AppContext } from './context.ts';
import { incidentPeersOf, refuseWhereNothingIsDone } from './decide.ts';
import type { HostFacts } from './facts.ts';
import { factsOfAsks, type AskedChange } from './facts-of-asks.ts';
import { factsOfProof } from './monitoring/facts.ts';
import { sparesProving } from './monitoring/monitoring.ts';
import { itself, oncePer } from './once-per.ts';
import {
  judge,
  recordDecisions,
  type Judged,
  type JudgedUnrecorded,
  type ToRecord,
} from './record-decision.ts';

/** A question about something of a kind, without a request behind it. */
export interface AskQuestion {
  readonly change: AskedChange;
  readonly host: HostFacts | null;
  /** The claim that asks: it is not beside itself, and the record is about it. */
  readonly claim?: string;
}

/** One of many questions, each asked by whoever asks it. */
export type Ask = AskQuestion & { readonly call: Call };

/** Asks the interlock whether something of a kind may happen now, without a request behind it. */
export async function decideAsk(
  tx: Transaction,
  context: AppContext,
  call: Call,
  asked: AskQuestion,
): Promise<Judged> {
  const { items } = await judgeAsks(tx, context, [{ call, ...asked }]);
  const [judged] = await recordDecisions(tx, context, items);
  if (!judged) throw new Error('expected an answer, got none');
  return judged;
}

/**
 * The same for many at once, as all that a transaction does, which ends with it: what they share is read once, each is decided by itself, and all are
 * recorded together. Questions with the same facts have the same answer, for it is a function of them; each has its own record. `null`
 * where `ifProven` is asked for and monitoring has to be proven anew first; then nothing is recorded.
 */
export async function decideAsks(
  tx: Transaction,
  context: AppContext,
  asks: readonly Ask[],
  { ifProven }: { readonly ifProven: boolean },
): Promise<Judged[] | null> {
  const { items, proofs } = await judgeAsks(tx, context, asks);
  if (ifProven && !proofs.every((proof) => sparesProving(context, proof))) return null;
  return recordDecisions(tx, context, items, { last: true });
}

/** The same for showing: nothing is recorded, and nothing may be done on it. */
export async function previewAsk(
  tx: Transaction,
  context: AppContext,
  call: Call,
  asked: AskQuestion,
): Promise<JudgedUnrecorded> {
  const { facts } = await factsOfAsking(tx, context, [{ call, ...asked }]);
  const [only] = facts;
  if (!only) throw new Error('expected facts, got none');
  return judge(context, only);
}

/** Everything is asked for at once, and PostgreSQL carries it out in this order: what stands is read under the lock on it. */
async function judgeAsks(tx: Transaction, context: AppContext, asks: readonly Ask[]) {
  const [, , { facts, proofs }] = await Promise.all([
    refuseWhereNothingIsDone(tx, context),
    holdStanding(tx),
    factsOfAsking(tx, context, asks),
  ]);
  const answerTo = oncePer(itself<FactsDocument>, (document) => judge(context, document));
  const proven = new Map(proofs.map(({ environment, proof }) => [environment, factsOfProof(context, proof)]));
  return {
    proofs: proofs.map(({ proof }) => proof),
    items: facts.map((one, index): ToRecord => {
      const { call, change, claim } = askAt(asks, index);
      const object =
        claim === undefined ? `environment/${change.environment ?? 'unknown'}` : `claim/${claim}`;
      const proof = proven.get(change.environment ?? '')?.proof ?? null;
      return { judged: answerTo(one), proof, call, object };
    }),
  };
}

function askAt(asks: readonly Ask[], index: number): Ask {
  const ask = asks[index];
  if (!ask) throw new Error(`expected question ${index}, got none`);
  return ask;
}

interface StoredProof {
  readonly environment: string;
  readonly proof: ProofRow | undefined;
}

/** The facts of each question, and the proofs of monitoring that they rest on. */
async function factsOfAsking(tx: Transaction, context: AppContext, asks: readonly Ask[]) {
  const { policy } = context;
  const incidentPeers = incidentPeersOf(context);
  const environments = [...new Set(asks.map(({ change }) => change.environment ?? ''))];
  // Sent before what stands is: what has an instant and is read by another statement is read before.
  const reading = Promise.all(
    environments.map(async (environment): Promise<StoredProof> => ({
      environment,
      proof: await newestProof(tx, environment, null),
    })),
  );
  const monitoring = reading.then(
    (proofs) =>
      new Map(proofs.map(({ environment, proof }) => [environment, factsOfProof(context, proof).monitoring])),
  );
  const questions = asks.map(({ call, change, host, claim }) => ({
    change,
    host,
    actor: call.actor.person,
    incidentPeers,
    policy,
    ...(claim !== undefined && { claim }),
  }));
  const [proofs, facts] = await Promise.all([reading, factsOfAsks(tx, questions, monitoring)]);
  return { proofs, facts };
}
