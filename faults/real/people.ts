import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '../../src/contract/runs.ts';
import type { Chance } from '../chance.ts';
import { readWitness } from './plan.ts';
import { processesNaming } from './processes.ts';
import type { Site } from './site.ts';
import { PASSWORD } from './world.ts';

/** What a request carries; the same key again is the same intention. */
interface Sent {
  readonly body?: unknown;
  readonly key?: string;
}

/** An answer that came; `null` where none did. */
interface Heard {
  readonly status: number;
  // What comes depends on what was asked.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** The people of a history. They look after its runs, and say what is true. */
export interface People {
  /** Opens a change with this plan. */
  open(plan: Record<string, unknown>): Promise<string>;
  /** Lays a veto on everything, as the EOC; gives how it is lifted. Both are said until they are heard. */
  veto(): Promise<() => Promise<void>>;
  /** Holds every live run at once. */
  hold(): Promise<void>;
  /** One look at a change: starts what is not started, takes over what was lost, settles, says go on. Its newest run, if known. */
  lookAfter(change: string, calm: boolean): Promise<RunView | null>;
}

const SAY_MS = 3_000;
/** So long, in a calm world, people say go on before a run is undone, and twice as long before it is given up. */
const PATIENCE_MS = 8_000;

export function peopleOf(site: Site, chance: Chance): People {
  const { tokens, bastion } = site.prepared;
  const ask = async (who: keyof typeof tokens, method: string, where: string, sent: Sent = {}) => {
    const { body, key } = sent;
    try {
      const response = await fetch(site.url + where, {
        method,
        headers: {
          authorization: `Bearer ${tokens[who]}`,
          'interlock-bastion': bastion,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(SAY_MS),
      });
      return { status: response.status, body: await response.json() } as Heard;
    } catch {
      return null;
    }
  };
  const insist = async (...[who, method, where, sent]: Parameters<typeof ask>): Promise<Heard> => {
    // Said again where nobody answered, it counts once.
    const key = randomUUID();
    for (let tries = 0; ; tries += 1) {
      const heard = await ask(who, method, where, { ...sent, key });
      if (heard !== null && heard.status < 500) return heard;
      if (tries > 200) throw new Error(`nobody heard \`${method} ${where}\`: ${JSON.stringify(heard)}`);
      await sleep(200);
    }
  };
  const heldSince = new Map<string, number>();
  const givesUp = chance.happens(0.2);

  const say = async (run: RunView, word: string, body: object = { because: 'said in a campaign' }) => {
    const heard = await ask('ben', 'POST', `/api/v1/runs/${run.id}/${word}`, { body });
    if (heard?.status === 200) site.tell(`ben says ${word} to ${run.id}`);
    return heard;
  };

  const settle = async (run: RunView) => {
    const step = run.steps.find(({ state }) => state === 'unknown');
    if (step === undefined || processesNaming('step.sh', site.files.witness).length > 0) return;
    const happened = (readWitness(site.files).effects.get(step.name) ?? 0) > 0;
    const settlement = happened ? 'happened' : 'did-not-happen';
    const { list, position } = step;
    const heard = await say(run, 'settle', {
      list,
      position,
      settlement,
      statement: 'the witness file says so',
    });
    if (heard?.status === 200) site.tell(`\`${step.name}\` is settled: ${settlement}`);
  };

  const release = async (run: RunView, calm: boolean) => {
    const since = heldSince.get(run.id) ?? performance.now();
    heldSince.set(run.id, calm ? since : performance.now());
    const heldMs = calm ? performance.now() - since : 0;
    const undo = calm && run.phase !== 'rollback' && (givesUp || heldMs > PATIENCE_MS);
    if (undo && (await say(run, 'roll-back'))?.status === 200) return;
    const heard = await say(run, 'go-on');
    if (heard?.status === 200 || !calm) return;
    // Of what may not be tried again: undone, or, where even that is stuck, given up.
    if (run.phase !== 'rollback' && (await say(run, 'roll-back'))?.status === 200) return;
    if (heldMs > 2 * PATIENCE_MS) await say(run, 'abort');
  };

  return {
    open: async (plan) => {
      const body = { file: 'plan.yaml', plan: JSON.stringify(plan), scripts: {} };
      const { status, body: made } = await insist('ana', 'POST', '/api/v1/changes', { body });
      if (status !== 201) throw new Error(`expected a change, got ${JSON.stringify(made)}`);
      return String(made.id);
    },
    veto: async () => {
      const laid = { body: { change: '*', reason: 'tried' } };
      const { body } = await insist('cora', 'POST', '/api/v1/vetoes', laid);
      site.tell(`cora lays veto ${body.id}`);
      return async () => {
        // Who lifts one has proven a moment ago who they are.
        await insist('cora', 'POST', '/api/v1/authentications', { body: { password: PASSWORD } });
        const lifted = await insist('cora', 'POST', `/api/v1/vetoes/${body.id}/lift`, { body: {} });
        if (lifted.status !== 200) throw new Error(`expected a lifted veto, got ${JSON.stringify(lifted)}`);
      };
    },
    hold: async () => {
      const heard = await ask('ira', 'GET', '/api/v1/runs');
      for (const run of (heard?.body.runs ?? []) as RunView[])
        await ask('ira', 'POST', `/api/v1/runs/${run.id}/hold`, {
          body: { because: 'tried', now: true },
        });
    },
    lookAfter: async (change, calm) => {
      const heard = await ask('ben', 'GET', `/api/v1/changes/${change}/runs`);
      if (heard?.status !== 200) return null;
      const [run = null] = heard.body.runs as RunView[];
      if (run?.endedAt != null) return run;
      if (!site.runners.some((runner) => runner.change === change && runner.alive()))
        site.run(change, run === null ? [] : ['--take-over']);
      if (run === null || run.state !== 'held') return run;
      await settle(run);
      if (run.runnerAlive && !run.steps.some(({ state }) => state === 'unknown')) await release(run, calm);
      return run;
    },
  };
}
