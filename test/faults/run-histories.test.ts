import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import type { AdvanceAnswer, Instruction, RunReport, RunView } from '../../src/contract/runs.ts';
import { invariants } from '../kit/run-invariants.ts';
import {
  CHECK,
  executionOf,
  paperRunner,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['awareness'], timing: { coolDownMs: 0, personAfterMs: 60_000 } });
});
afterAll(() => world.server.stop());

const { undo: _undo, ...UNDO } = stepOf('undo second', { idempotent: true });
const PLAN = {
  steps: [
    stepOf('first', { idempotent: true, probe: CHECK('first happened'), interruptible: true }),
    stepOf('second', { undo: { step: 'undo second' } }),
    stepOf('third', { safeStop: false }),
    stepOf('fourth'),
  ],
  rollback: { steps: [UNDO] },
};
const IDEMPOTENT = new Set(['steps 0', 'rollback 0']);

/** What may happen to a run, in any order. */
const ACTIONS = [
  'go well',
  'go wrong',
  'be unknown',
  'send it twice',
  'bear an old epoch',
  'beat',
  'lose the lease',
  'take over',
  'metrics die',
  'metrics come back',
  'veto',
  'lift the veto',
  'hold',
  'go on',
  'settle',
  'roll back',
] as const;
type Action = (typeof ACTIONS)[number];
/** A history in which too much goes wrong does not get far. */
const MOSTLY_WELL = [...ACTIONS, ...Array.from({ length: 14 }, () => 'go well' as const), 'go on' as const];

/** One run and everything that the test remembers of it. */
class History {
  run: RunView;
  told: Instruction | null = null;
  dead = false;
  vetoes: string[] = [];
  readonly grants = new Map<string, string>();
  readonly executed = new Map<string, number>();

  constructor(run: RunView) {
    this.run = run;
  }

  async act(action: Action): Promise<void> {
    const steps: Record<Action, () => Promise<unknown>> = {
      'go well': () => this.report('pass'),
      'go wrong': () => this.report('fail'),
      'be unknown': () => this.report('unknown'),
      'send it twice': () => this.report('pass', true),
      'bear an old epoch': () => this.old(),
      beat: () => this.runner().beat(this.working()),
      'lose the lease': () => this.lose(),
      'take over': () => this.takeOver(),
      'metrics die': () => this.metrics('fail'),
      'metrics come back': () => this.metrics('pass'),
      veto: () => this.veto(),
      'lift the veto': () => this.lift(),
      hold: () => world.say(this.run, 'hold', { because: 'x', now: true }),
      'go on': () => world.say(this.run, 'go-on'),
      settle: () => this.settle(),
      'roll back': () => world.say(this.run, 'roll-back'),
    };
    await steps[action]();
    this.run = (await world.asRunner('GET', `/api/v1/runs/${this.run.id}`)).body;
  }

  private runner() {
    return paperRunner(world, this.run);
  }

  private async report(verdict: 'pass' | 'fail' | 'unknown', twice = false): Promise<void> {
    const request = `request-${Math.random()}`;
    const report = this.told === null ? null : reportOn(this.told, verdict);
    const answer = await this.runner().advance(report, { request });
    if (twice) {
      const again = await this.runner().advance(report, { request });
      if (answer.status === 200 && answer.body.instruction.kind === 'step') {
        expect(again.body.instruction.grant.id).toBe(answer.body.instruction.grant.id);
      }
    }
    if (answer.status === 200) this.take(answer.body);
    else this.told = null;
  }

  /** What was handed out is remembered, and compared with what may be. */
  private take({ instruction, run }: AdvanceAnswer): void {
    this.told = instruction;
    if (instruction.kind !== 'step') return;
    const place = `${instruction.list} ${instruction.position}`;
    const before = this.executed.get(place) ?? 0;
    if (!IDEMPOTENT.has(place)) expect(before, `${place} is executed twice`).toBe(0);
    this.executed.set(place, before + 1);
    const fresh = !this.grants.has(instruction.grant.id);
    this.grants.set(instruction.grant.id, place);
    expect(instruction.grant.epoch).toBe(run.epoch);
    if (fresh && instruction.list === 'steps') {
      expect({ dead: this.dead, vetoes: this.vetoes }, 'granted against the policy').toEqual({
        dead: false,
        vetoes: [],
      });
    }
  }

  private working() {
    const { told } = this;
    return told?.kind === 'step' ? { list: told.list, position: told.position, grant: told.grant.id } : null;
  }

  private async old(): Promise<void> {
    if (this.run.epoch === 1) return;
    const report = this.told === null ? null : reportOn(this.told, 'pass');
    const answer = await paperRunner(world, this.run, this.run.epoch - 1).advance(report);
    expect(['old_epoch', 'lease_lost']).toContain(answer.body.code);
  }

  private async lose(): Promise<void> {
    await sql`update runs set lease_expires_at = now() - interval '1 ms'
      where id = ${this.run.id} and ended_at is null and lease_expires_at is not null`.execute(
      world.server.context.db,
    );
    await sweepLeases(world.server.context);
  }

  private async takeOver(): Promise<void> {
    await sql`update runs set take_over_from = now()
      where id = ${this.run.id} and ended_at is null and take_over_from is not null`.execute(
      world.server.context.db,
    );
    const body = {
      idempotencyKey: `take-over-${Math.random()}`,
      multiplexer: 'tmux',
      clock: Date.now(),
      privileges: 'none',
    };
    const { status } = await world.asRunner('POST', `/api/v1/runs/${this.run.id}/take-over`, body);
    if (status === 200) this.told = null;
  }

  private async metrics(verdict: 'pass' | 'fail'): Promise<void> {
    this.dead = verdict === 'fail';
    await world.prove(verdict);
  }

  private async veto(): Promise<void> {
    const body = { change: this.run.change, reason: 'x' };
    const answer = await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
    if (answer.status === 201) this.vetoes.push(answer.body.id);
  }

  private async lift(): Promise<void> {
    const id = this.vetoes.pop();
    if (id === undefined) return;
    const lifted = await world.server.ask('POST', `/api/v1/vetoes/${id}/lift`, {
      token: world.cora.token,
      body: {},
    });
    expect(lifted.status).toBe(200);
  }

  private async settle(): Promise<void> {
    const step = this.run.steps.find(({ state }) => state === 'unknown');
    if (step === undefined) return;
    const { list, position } = step;
    await world.say(this.run, 'settle', { list, position, settlement: 'happened', statement: 'seen' });
  }
}

function reportOn(told: Instruction, verdict: 'pass' | 'fail' | 'unknown'): RunReport | null {
  switch (told.kind) {
    case 'preflight':
      return {
        kind: 'preflight',
        results: [resultOf('host answers', verdict === 'pass' ? 'pass' : verdict)],
      };
    case 'step': {
      const step = nameOf(told.list, told.position);
      if (verdict === 'pass') return stepReport(told, step);
      if (verdict === 'unknown')
        return stepReport(told, step, { after: [resultOf(`${step} done`, 'unknown')] });
      return stepReport(told, step, { execution: executionOf({ ok: false, exitCode: 1 }), after: [] });
    }
    case 'recheck': {
      const { list, position } = told;
      return {
        kind: 'recheck',
        list,
        position,
        after: [resultOf(`${nameOf(list, position)} done`, verdict)],
      };
    }
    case 'probe':
      return {
        kind: 'probe',
        list: told.list,
        position: told.position,
        result: resultOf('first happened', verdict),
      };
    case 'postchecks':
      return { kind: 'postchecks', results: [resultOf('all is well', verdict)] };
    case 'correct':
    case 'hold':
    case 'end':
      return null;
  }
}

function nameOf(list: 'steps' | 'rollback', position: number): string {
  return list === 'steps' ? (PLAN.steps[position]?.name ?? '') : 'undo second';
}

it('keeps the invariants, whatever happens in whatever order', { timeout: 600_000 }, async () => {
  const history = array(constantFrom(...MOSTLY_WELL), { minLength: 20, maxLength: 40, size: 'max' });
  await assert(
    asyncProperty(history, async (actions) => {
      await world.prove('pass');
      const one = new History(await world.start(await world.open(PLAN)));
      await one.act('go well');
      await one.act('go well');
      for (const action of actions) await one.act(action);
      await world.prove('pass');
      await invariants(world);
    }),
    { numRuns: Number(process.env['INTERLOCK_HISTORIES'] ?? 12), endOnFailure: true },
  );
});
