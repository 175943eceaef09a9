import { parentPort, workerData } from 'node:worker_threads';
import { packed } from './app/change/packed-plan.ts';
import { readSentPlan, type SentPlan } from './app/change/read-plan.ts';
import type { Policy } from './kernel/policy/policy.ts';
import type { Answered } from './read-plans-aside.ts';
import { sha256 } from './store/ledger-crypto.ts';

// The beginning of a thread, see `read-plans-aside.ts`.
const policy = workerData as Policy;

parentPort?.on('message', (sent: readonly SentPlan[]) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to a thread, not to a window
  parentPort?.postMessage(sent.map(answerTo));
});

function answerTo(sent: SentPlan): Answered {
  try {
    const outcome = readSentPlan({ policy, hash: sha256 }, sent);
    return outcome.ok ? { read: packed(outcome.value) } : { refused: outcome };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
