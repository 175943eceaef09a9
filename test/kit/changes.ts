import path from 'node:path';
import type { MonitoringProver } from '../../src/app/ports/monitoring.ts';
import { Client } from 'pg';
import { planText, SCRIPT, type Edit } from '../plan/sound-plan.ts';
import {
  startServer,
  type Answer,
  type TestAccount,
  type TestServer,
  type TestServerOptions,
} from './server.ts';

const MINUTE_MS = 60_000;
const OPEN_HOURS = path.resolve(import.meta.dirname, '../fixtures/policies/open-hours.yaml');

/** The sound plan without its script, so that no dry run is asked for. */
export const WITHOUT_SCRIPT: Edit = {
  set: { 'steps.2.command': ['pg-set', '--host', 'db-01', 'work_mem', '8MB'] },
  remove: ['steps.2.script'],
};

/** A server with the people of a change, under a policy whose hours are all open. */
export interface ChangeWorld {
  readonly server: TestServer;
  readonly ana: TestAccount;
  readonly ben: TestAccount;
  readonly rhea: TestAccount;
  readonly rolf: TestAccount;
  readonly mona: TestAccount;
  readonly vera: TestAccount;
  readonly cora: TestAccount;
  readonly ira: TestAccount;
  /** Key of a bastion of the plan's environment. */
  readonly bastion: string;
  /** Files the sound plan without its script, with an edit, as ana. */
  open(edit?: Edit): Promise<OpenedChange>;
  /** The table's rows as the database's owner sees them: what a refusal must not have added. */
  rows(table: string): Promise<number>;
  /** Runs a statement as the database's owner. */
  asOwner(statement: string): Promise<void>;
  /** The ledger's entries from an index on. */
  recorded(from: number): Promise<Record<string, unknown>[]>;
}

export interface OpenedChange {
  readonly id: string;
  readonly digest: string;
  readonly version: number;
  readonly state: string;
  /** One request about it: `say(ana, '/announce')`. */
  say(who: TestAccount, rest: string, body?: unknown): Promise<Answer>;
  edit(who: TestAccount, edit: Edit, version?: number): Promise<Answer>;
  approve(who: TestAccount, as: string, word?: Record<string, unknown>): Promise<Answer>;
  // Tests look into it as into every body.
  // oxlint-disable-next-line typescript/no-explicit-any
  show(who: TestAccount): Promise<any>;
}

/** Starts it; `world.server.stop()` in `afterAll`. */
export async function startChangeWorld(
  editPolicy?: (text: string) => string,
  more: Pick<TestServerOptions, 'connections' | 'audiences' | 'webRoot'> = {},
): Promise<ChangeWorld> {
  const server = await startServer({
    ...more,
    policyFile: OPEN_HOURS,
    monitoring: alwaysProven,
    ...(editPolicy && { editPolicy }),
  });
  const person = (name: string, ...roles: ('reviewer' | 'management' | 'vpe')[]) =>
    server.account(name, { roles });
  const world = {
    server,
    ana: await person('ana'),
    ben: await person('ben'),
    rhea: await person('rhea', 'reviewer'),
    rolf: await person('rolf', 'reviewer'),
    mona: await person('mona', 'management'),
    vera: await person('vera', 'vpe'),
    cora: await person('cora'),
    ira: await person('ira'),
    bastion: await server.bastion('bastion-1', 'illumidesk.com'),
  };
  await server.onCall({ eoc: 'cora', imoc: 'ira' });
  const asOwner = ownerOf(server);
  return {
    ...world,
    open: (edit = {}) => openAs(server, world.ana, edit),
    rows: async (table) => Number((await asOwner(`select count(*) as n from ${table}`))[0]?.['n']),
    asOwner: async (statement) => void (await asOwner(statement)),
    recorded: async (from) => (await server.ledger()).slice(from),
  };
}

/** Proves everything alive, and every target where it should be: the prover's own tests ask real programs. */
/** Monitoring that always lives: for stories that are not about it. */
export const alwaysProven: MonitoringProver = {
  prove: (environment, { targets, nowMs }) =>
    Promise.resolve({
      prometheus: 'pass',
      alertmanager: 'pass',
      thanos: 'pass',
      probes: [],
      places: Object.fromEntries((targets ?? []).map((target) => [target, [environment]])),
      provedAt: new Date(nowMs).toISOString(),
    }),
};

function ownerOf(server: TestServer) {
  return async (statement: string): Promise<Record<string, unknown>[]> => {
    const owner = new Client({ connectionString: server.context.db.url });
    await owner.connect();
    try {
      return (await owner.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await owner.end();
    }
  };
}

/** What a client sends to file the sound plan without its script, with an edit. */
export function sentPlan(edit: Edit = {}) {
  const { set, remove = [] } = WITHOUT_SCRIPT;
  const plan = planText({ set: { ...set, ...edit.set }, remove: [...remove, ...(edit.remove ?? [])] });
  return { file: 'plan.yaml', plan, scripts: {} };
}

/** The same with its script. */
export function sentScriptPlan(edit: Edit = {}) {
  return { file: 'plan.yaml', plan: planText(edit), scripts: { 'set-work-mem.sh': SCRIPT } };
}

/** Files the sound plan without its script, with an edit. */
export async function openAs(server: TestServer, author: TestAccount, edit: Edit): Promise<OpenedChange> {
  const answer = await server.ask('POST', '/api/v1/changes', { token: author.token, body: sentPlan(edit) });
  expectStatus(answer, 201);
  const { id, digest, version, state } = answer.body;
  const ask = (method: string, who: TestAccount, rest: string, body?: unknown) =>
    server.ask(method, `/api/v1/changes/${id}${rest}`, {
      token: who.token,
      ...(body !== undefined && { body }),
    });
  return {
    id,
    digest,
    version,
    state,
    say: (who, rest, body) => ask('POST', who, rest, rest === '/schedule' ? knowing(id, body) : body),
    edit: async (who, changed, seen) =>
      ask('PUT', who, '', {
        ...sentPlan(changed),
        version: seen ?? (await ask('GET', who, '')).body.version,
      }),
    approve: (who, as, word = {}) => ask('POST', who, '/approvals', { as, for: 'plan', digest, ...word }),
    show: async (who) => (await ask('GET', who, '')).body,
  };
}

/** A request of a test knows of those before it on its service, unless it says of which it does. */
function knowing(id: string, body: unknown): unknown {
  const before = Array.from(
    { length: Number(id.slice('CHG-'.length)) - 1 },
    (_, index) => `CHG-${index + 1}`,
  );
  return { acknowledgesConflicts: before.slice(-100), ...(body as object) };
}

/** An answer of this status, or the test ends here with what the server said. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got \`${answer.status}\` ${JSON.stringify(answer.body)}`);
}

/** A slot that begins in so many milliseconds and lasts an hour, twice the estimates of the sound plan. */
export function slotIn(aheadMs: number, lengthMinutes = 60) {
  const start = Date.now() + aheadMs;
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + lengthMinutes * MINUTE_MS).toISOString(),
  };
}

/** Confirms the text of a lock that waits, by the digest that is shown of it. */
export async function confirmLock(server: TestServer, who: TestAccount, id: string): Promise<Answer> {
  const where = `/api/v1/locks/${id}`;
  const { digest } = (await server.ask('GET', `${where}/impact`, { token: who.token })).body;
  return server.ask('POST', `${where}/confirm`, { token: who.token, body: { digest } });
}
