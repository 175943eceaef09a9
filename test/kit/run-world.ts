import { randomUUID } from 'node:crypto';
import type { MonitoringProof } from '../../src/contract/monitoring.ts';
import type { AdvanceRun, Instruction, RunReport, RunView } from '../../src/contract/runs.ts';
import { proveNow } from '../../src/app/monitoring/monitoring.ts';
import { RUN_TIMING, type RunTiming } from '../../src/app/run/timing.ts';
import {
  startServer,
  type Answer,
  type TestAccount,
  type TestServer,
  type TestServerOptions,
} from './server.ts';

export const ENVIRONMENT = 'illumidesk.com';

type Verdict = 'pass' | 'fail' | 'unknown';

/** A server with everybody who has to do with a run, and one bastion. */
export interface RunWorld {
  readonly server: TestServer;
  /** Says what monitoring proves from now on. The prover's own tests ask real programs; here it is what holds a run. */
  prove(verdict: Verdict): Promise<void>;
  readonly ana: TestAccount;
  readonly ben: TestAccount;
  readonly cora: TestAccount;
  readonly ira: TestAccount;
  readonly rhea: TestAccount;
  readonly bastion: string;
  /** Files a change of C4 and S4 with this plan's parts, as ana; answers its id. */
  open(plan?: Record<string, unknown>, scripts?: Record<string, string>): Promise<string>;
  /** Says a word about a run, as ben unless it is somebody else. */
  say(run: Pick<RunView, 'id'>, word: string, body?: unknown, who?: TestAccount): Promise<Answer>;
  /** Asks as ben from the bastion. */
  asRunner(method: string, path: string, body?: unknown): Promise<Answer>;
  /** What ben sends to start a run: with a key of its own, and every running change acknowledged. */
  body(): Promise<ReturnType<typeof startBody>>;
  /** Starts a run as ben and expects it to be allowed. */
  start(change: string): Promise<RunView>;
}

export interface RunWorldOptions extends Pick<
  TestServerOptions,
  'connections' | 'audiences' | 'alerts' | 'database'
> {
  readonly timing?: Partial<RunTiming>;
  /** Rules that this test is not about. */
  readonly rulesOff?: readonly string[];
  readonly webRoot?: string;
  readonly allowedHosts?: readonly string[];
}

export async function startRunWorld(options: RunWorldOptions = {}): Promise<RunWorld> {
  const monitoring: { verdict: Verdict } = { verdict: 'pass' };
  const { connections, audiences, alerts, database } = options;
  const server = await startServer({
    ...(connections && { connections }),
    ...(audiences && { audiences }),
    ...(alerts && { alerts }),
    ...(database && { database }),
    monitoring: { prove: async (_environment, { nowMs }) => proofOf(monitoring.verdict, nowMs) },
    editPolicy: (text) => text.replace('\nrules:\n', `\nrules:\n${off(options.rulesOff ?? [])}`),
    ...(options.webRoot !== undefined && { webRoot: options.webRoot }),
    ...(options.allowedHosts && { allowedHosts: options.allowedHosts }),
  });
  Object.assign(server.context, { runTiming: { ...RUN_TIMING, ...options.timing } });
  const [ana, ben, cora, ira, rhea] = [
    await server.account('ana'),
    await server.account('ben'),
    await server.account('cora'),
    await server.account('ira'),
    await server.account('rhea', { roles: ['reviewer'] }),
  ];
  await server.onCall({ eoc: 'cora', imoc: 'ira' });
  const bastion = await server.bastion('bastion-1', ENVIRONMENT);
  const asRunner: RunWorld['asRunner'] = (method, path, body) =>
    server.ask(method, path, { token: ben.token, bastion, body });
  const newBody = async () => {
    const live = (await asRunner('GET', '/api/v1/runs')).body.runs as RunView[];
    return startBody({ acknowledges: live.map((run) => run.change) });
  };
  return {
    server,
    body: newBody,
    prove: async (verdict) => {
      monitoring.verdict = verdict;
      await proveNow(server.context, { environment: ENVIRONMENT, targets: null });
    },
    ana,
    ben,
    cora,
    ira,
    rhea,
    bastion,
    asRunner,
    say: (run, word, body = { because: 'said' }, who = ben) =>
      server.ask('POST', `/api/v1/runs/${run.id}/${word}`, { token: who.token, body }),
    open: async (plan = {}, scripts = {}) => {
      const body = { file: 'plan.yaml', plan: JSON.stringify(planOf(plan)), scripts };
      const answer = await server.ask('POST', '/api/v1/changes', { token: ana.token, body });
      if (answer.status !== 201)
        throw new Error(`open: got \`${answer.status}\` ${JSON.stringify(answer.body)}`);
      return String(answer.body.id);
    },
    start: async (change) => {
      const answer = await asRunner('POST', `/api/v1/changes/${change}/runs`, await newBody());
      if (answer.status !== 200) throw new Error(`start: got \`${answer.status}\` ${answer.body.message}`);
      return answer.body.run;
    },
  };
}

function off(rules: readonly string[]): string {
  return rules.map((rule) => `  ${rule}: { level: off }\n`).join('');
}

function proofOf(verdict: Verdict, nowMs: number): MonitoringProof {
  return {
    prometheus: verdict,
    alertmanager: verdict,
    thanos: verdict,
    probes: [],
    places: {},
    provedAt: new Date(nowMs).toISOString(),
  };
}

export function startBody(more: Record<string, unknown> = {}) {
  return {
    idempotencyKey: randomUUID(),
    multiplexer: 'tmux',
    clock: Date.now(),
    privileges: 'none',
    acknowledges: [],
    ...more,
  };
}

/** A step that does nothing, with what a test wants different. */
export function stepOf(name: string, more: Record<string, unknown> = {}) {
  return {
    name,
    command: ['/bin/true'],
    after: [CHECK(`${name} done`)],
    estimate: '1 min',
    timeout: '1 min',
    undo: { nothing: 'it changes nothing' },
    ...more,
  };
}

/** A check that passes on every host. */
export function CHECK(name: string, more: Record<string, unknown> = {}) {
  return { name, command: { argv: ['/bin/true'], measure: 'status' }, expect: { equals: 0 }, ...more };
}

/** A metric that every plan has to watch. */
const WATCHED = {
  name: 'error ratio',
  prometheus: { query: 'sum(rate(shop_errors_total[1m])) / sum(rate(shop_requests_total[1m]))' },
  graph: 'https://graphs.example/errors',
  expect: { below: 0.01 },
  rollBackWhen: { atLeast: 0.05 },
};

/** A whole plan with what a test wants different. */
export function planOf(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    interlock: 'plan/1',
    title: 'Do nothing carefully',
    objective: 'Nothing has changed.',
    reason: 'Runs are tried.',
    environment: ENVIRONMENT,
    services: ['shop'],
    kind: 'service',
    criticality: 'C4',
    severity: 'S4',
    downtime: '0 min',
    impact: 'None.',
    testedBefore: 'In the tests, many times.',
    team: ['ben'],
    executor: 'ben',
    estimate: { steps: '5 min', rollback: '5 min' },
    targets: [],
    assumptions: [{ text: 'The host answers.', check: 'host answers' }],
    preflight: [CHECK('host answers')],
    steps: [stepOf('first'), stepOf('second')],
    postchecks: [CHECK('all is well')],
    rollback: { steps: [] },
    watch: [WATCHED],
    ...more,
  };
}

/** A result of a check, as the runner reports it. */
export function resultOf(name: string, verdict: 'pass' | 'fail' | 'unknown' = 'pass') {
  return { name, verdict, because: `${name} was measured`, measurements: [] };
}

/** An execution, as the runner reports it. */
export function executionOf(more: Record<string, unknown> = {}) {
  return {
    ok: true,
    exitCode: 0,
    signal: null,
    spawnError: null,
    timedOut: false,
    cancelled: null,
    killed: false,
    leftGroup: false,
    keeperDied: false,
    startedAt: new Date().toISOString(),
    durationMs: 1,
    stopMs: null,
    output: {
      bytes: 0,
      keptBytes: 0,
      truncated: false,
      invalidUtf8: false,
      digest: `sha256:${'0'.repeat(64)}`,
    },
    cancelAction: null,
    confirmed: null,
    ...more,
  };
}

/** A runner that speaks the protocol and executes nothing, for tests of the server. */
export function paperRunner(world: RunWorld, run: RunView, epoch: number = run.epoch) {
  const path = `/api/v1/runs/${run.id}`;
  const body = (report: unknown, more: Partial<AdvanceRun> = {}) => ({
    epoch,
    clock: Date.now(),
    multiplexer: 'tmux',
    request: randomUUID(),
    report,
    watched: [resultOf('error ratio')],
    ...more,
  });
  const advance = (report: RunReport | null = null, more: Partial<AdvanceRun> = {}) =>
    world.asRunner('POST', `${path}/advance`, body(report, more));
  const beat = (working: unknown = null) =>
    world.asRunner('POST', `${path}/heartbeat`, {
      epoch,
      clock: Date.now(),
      multiplexer: 'tmux',
      working,
      watched: [],
    });
  return { advance, beat, path };
}

/** The reports around the steps of `planOf`, as they go well. */
export const PREFLIGHT: RunReport = { kind: 'preflight', results: [resultOf('host answers')] };
export const POSTCHECKS: RunReport = { kind: 'postchecks', results: [resultOf('all is well')] };

/** A run that is handed its first step. */
export async function atFirstStep(world: RunWorld, plan: Record<string, unknown> = {}) {
  const run = await world.start(await world.open(plan));
  const runner = paperRunner(world, run);
  await runner.advance();
  const told = (await runner.advance(PREFLIGHT)).body.instruction;
  return { run, runner, told };
}

/** The report of a step that went well, with what a test wants different. */
export function stepReport(
  told: Extract<Instruction, { kind: 'step' }>,
  name: string,
  more: Record<string, unknown> = {},
) {
  return {
    kind: 'step',
    grant: told.grant.id,
    list: told.list,
    position: told.position,
    before: [],
    execution: executionOf(),
    output: null,
    after: [resultOf(`${name} done`)],
    ...more,
  } as RunReport;
}
