import type { RunView } from '../../contract/runs.ts';
import { mayAct, type ActQuestion, type RunAct, type Standing } from '../../kernel/run/acts.ts';
import type { Transaction } from '../../store/database.ts';
import { lastIncidentEnd } from '../../store/incidents.ts';
import { RunInTheWay } from '../../store/stage.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { setState } from '../../store/changes.ts';
import { tellOfLogin } from '../stop/tell.ts';
import { openRunFile, saveRunFile, type RunFile } from './run-file.ts';
import { standingsOf } from './standings.ts';
import { timingOf } from './timing.ts';
import { runView } from './view.ts';

/** What a person's word made of a run, or why it is not taken. */
export type Taken = { readonly file: RunFile; readonly reason: string } | Refused;

/** Who says it, and when. */
export interface Speaking extends ActQuestion {
  readonly person: string;
  readonly standings: readonly Standing[];
}

/** How a word is taken: purely, from the run under its lock; what else it writes goes through the transaction. */
export type Take = (file: RunFile, speaking: Speaking, tx: Transaction) => Taken | Promise<Taken>;

/** Takes a person's word about a run: who may, whether it can be done now, and the record, refusals included. */
export async function takeWord(
  context: AppContext,
  call: Call,
  { runId, act, take }: { readonly runId: string; readonly act: RunAct; readonly take: Take },
): Promise<Outcome<Recorded<RunView>>> {
  const deed = { type: `run.${act}`, action: act, object: `run/${runId}` };
  try {
    return await carryOut(context, call, deed, async (tx) => {
      const file = await openRunFile(tx, runId);
      if (file === null)
        return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
      if (file.run.endedAt !== null) {
        return refuse('conflict', `expected a live run, got one that is \`${file.run.state}\``);
      }
      const standings = await standingsOf(tx, call, file.run.changeId);
      if (!mayAct(act, standings))
        return refuse('not_permitted', `expected somebody who may \`${act}\` this run`);
      const taken = await take(file, await speakingOf(tx, context, call, { file, standings }), tx);
      if ('ok' in taken) return taken;
      const { run, steps } = await saveTaken(tx, taken.file);
      await tellOfLogin(tx, call, { change: run.changeId, what: `${run.id} held` });
      return done({
        value: runView(run, steps),
        reason: taken.reason,
        object: `change/${run.changeId}`,
        details: { run: run.id, epoch: run.epoch, state: run.state },
        digests: { plan: run.planDigest },
      });
    });
  } catch (error) {
    if (!(error instanceof RunInTheWay)) throw error;
    return refuse('run_live', 'expected a free stage, got another live run');
  }
}

async function saveTaken(tx: Transaction, file: RunFile): Promise<RunFile> {
  const saved = await saveRunFile(tx, file);
  const { endedAt, state, changeId } = saved.run;
  if (endedAt !== null) await setState(tx, changeId, state === 'succeeded' ? 'complete' : 'aborted');
  return saved;
}

/** What a word is judged by, beside the run itself. */
export async function speakingOf(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { file, standings }: { readonly file: RunFile; readonly standings: readonly Standing[] },
): Promise<Speaking> {
  const { leaseExpiresAt, hold } = file.run;
  return {
    person: call.actor.person,
    standings,
    now: file.now,
    limits: timingOf(context),
    incidentEndedAt: hold?.cause === 'incident' ? await lastIncidentEnd(tx) : null,
    runnerAlive: leaseExpiresAt !== null && leaseExpiresAt >= file.now,
  };
}
