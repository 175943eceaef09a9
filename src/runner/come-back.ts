import { setTimeout as sleep } from 'node:timers/promises';
import { withHeard } from '../contract/run-heard.ts';
import type { AdvanceAnswer, AdvanceRun, RunView } from '../contract/runs.ts';
import { attemptOf, openIntents } from '../kernel/run/journal.ts';
import { readJournal } from './read-journal.ts';
import { privilegesHere } from './privileges.ts';
import { newKey, ServerUnreachable, type Answered, type Timeless } from './session.ts';
import { groupAlive, processEntry } from './terminate.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/** What became of a runner that had lost its lease. */
export type CameBack =
  | { readonly kind: 'came-back' }
  /** The server had not given up yet: the run goes on as it was. */
  | { readonly kind: 'answer'; readonly answer: AdvanceAnswer }
  | { readonly kind: 'left'; readonly because: string };

/**
 * After the lease was lost here: waits for the server. Where it still holds the lease for this runner, as its own count
 * ends later, the run goes on with its answer. Where it does not, the late result and the journal are handed in as
 * evidence, and the run is taken over with a new epoch once nothing of the old one can still be working.
 */
export async function comeBack(
  world: RunnerWorld,
  state: RunnerState,
  late: Timeless<AdvanceRun>,
): Promise<CameBack> {
  world.view.note('! the lease is lost: the run is held, and this runner takes it over once it may');
  for (;;) {
    if (state.leaving !== null) return { kind: 'left', because: state.leaving };
    try {
      const sentAt = world.lease.now();
      const heard = await world.session.advance(world.run, late, () => 0);
      if (heard.ok) {
        const run = withHeard(state.known, heard.value.run);
        resume(world, state, { sentAt, run });
        return { kind: 'answer', answer: { ...heard.value, run } };
      }
      await handInJournal(world);
      const taken = await takeOver(world, state);
      if (taken !== 'not-yet') return taken;
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) throw error;
    }
    await sleep(Math.min(1_000, world.terms.heartbeatMs));
  }
}

/** Sends the journal as it is now. Sent again it changes nothing. */
export async function handInJournal(world: Pick<RunnerWorld, 'session' | 'run' | 'folder'>): Promise<void> {
  const { entries, digest, tornBytes } = readJournal(world.folder.journal);
  if (entries.length === 0) return;
  await world.session.uploadJournal(world.run, { entries: [...entries], digest, tornBytes });
}

async function takeOver(world: RunnerWorld, state: RunnerState): Promise<CameBack | 'not-yet'> {
  const sentAt = world.lease.now();
  const answer: Answered<{ run: RunView }> = await world.session.takeOver(world.run, {
    idempotencyKey: newKey(),
    multiplexer: world.multiplexer,
    privileges: await privilegesHere(),
  });
  if (!answer.ok) {
    if (answer.refusal.code === 'too_early' || answer.refusal.code === 'unavailable') return 'not-yet';
    return { kind: 'left', because: answer.refusal.message };
  }
  resume(world, state, { sentAt, run: answer.value.run });
  world.view.note(`taken over again, epoch ${state.epoch}`);
  return { kind: 'came-back' };
}

function resume(
  world: RunnerWorld,
  state: RunnerState,
  { sentAt, run }: { readonly sentAt: number; readonly run: RunView },
): void {
  state.epoch = run.epoch;
  state.version = run.version;
  state.heard = run.state;
  state.known = run;
  state.lost = false;
  world.lease.renew(sentAt);
  world.keeper.lease(world.lease.remainingMs());
}

/** A step that an earlier runner began on this host and that still works: whoever takes over waits for its end. */
export function stillWorking(journal: string): string | null {
  const { entries } = readJournal(journal);
  for (const intent of openIntents(entries)) {
    const begun = entries.find((entry) => entry.kind === 'begun' && attemptOf(entry) === attemptOf(intent));
    if (begun?.kind !== 'begun' || !groupAlive(begun.group)) continue;
    const leader = processEntry(begun.group);
    // The number was given to somebody else since.
    if (leader !== null && leader.startTicks !== begun.startTicks) continue;
    return `process group ${begun.group} of ${intent.list} step ${intent.position + 1} still works on this host`;
  }
  return null;
}
