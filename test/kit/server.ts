import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AppContext } from '../../src/app/context.ts';
import { readSentPlan } from '../../src/app/change/read-plan.ts';
import { openLedger } from '../../src/app/ledger.ts';
import { Metrics } from '../../src/app/metrics.ts';
import { monitoringOf } from '../../src/app/monitoring/monitoring.ts';
import { firstAdministrator } from '../../src/app/people/first-administrator.ts';
import type { MonitoringProver } from '../../src/app/ports/monitoring.ts';
import { policyInForce } from '../../src/app/read-policy.ts';
import type { AccountKind, RotaName, Scope, StandingRole } from '../../src/contract/people.ts';
import type { DeclaredRoute } from '../../src/http/api.ts';
import { buildServer } from '../../src/http/server.ts';
import { calendarText } from '../../src/integrations/ical/publish.ts';
import { shiftCalendar } from '../../src/integrations/ical/source.ts';
import { outsideOf } from '../../src/integrations/outbound/outside.ts';
import { openRecordedFeed } from '../../src/store/recorded-feed.ts';
import { noteAuthentication } from '../../src/store/authentications.ts';
import { transact } from '../../src/store/database.ts';
import { setPassword } from '../../src/store/people.ts';
import { sha256 } from '../../src/store/ledger-crypto.ts';
import { undeclaredErrors } from './declared-errors.ts';
import { testDatabase, type TestDatabase } from './database.ts';

export const SHIPPED_POLICY = path.resolve(import.meta.dirname, '../../policies/illumidesk.yaml');

export interface TestServerOptions {
  /** Path of the policy; the shipped one if absent. */
  readonly policyFile?: string;
  /** Changes the policy's text before it is read. */
  readonly editPolicy?: (text: string) => string;
  readonly monitoring?: MonitoringProver;
  readonly alerts?: AppContext['alerts'];
  readonly connections?: AppContext['connections'];
  readonly audiences?: AppContext['audiences'];
  /** `false` is how a server is configured; what a test listens on is private. */
  readonly allowPrivateAddresses?: boolean;
  readonly identity?: Partial<AppContext['identity']>;
  readonly webRoot?: string;
  readonly allowedHosts?: readonly string[];
  readonly requestsPerMinute?: number;
  /** One of its own, migrated and with nothing in it, for tests in which it is lost. */
  readonly database?: TestDatabase;
}

/** An answer, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into bodies of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Asking {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Key of a bastion that the call comes from. */
  readonly bastion?: string;
}

export interface TestAccount {
  readonly name: string;
  readonly token: string;
}

export interface AccountOptions {
  readonly roles?: readonly StandingRole[];
  readonly scopes?: readonly Scope[];
  readonly kind?: AccountKind;
  readonly botOf?: string;
  /** The human whose agent it is. */
  readonly agentOf?: string;
  readonly password?: string;
  /** Whether they proved a moment ago who they are, as acts of high stakes ask; so it is without this. */
  readonly fresh?: boolean;
}

/** The real server on a database of its own and a free port. */
export interface TestServer {
  readonly url: string;
  readonly context: AppContext;
  /** Every route with who may call it. */
  readonly routes: readonly DeclaredRoute[];
  /** The first administrator. */
  readonly admin: TestAccount;
  /** One request, as it would come from outside. */
  ask(method: string, path: string, asking?: Asking): Promise<Answer>;
  /** Makes an account with its roles and a token. */
  account(name: string, options?: AccountOptions): Promise<TestAccount>;
  /** Closes an account. */
  shutOut(name: string): Promise<void>;
  /** Puts people on call for the next day: `{ eoc: 'cora' }`. */
  onCall(duty: Partial<Record<RotaName, string>>): Promise<void>;
  /** Registers a bastion and answers its key. */
  bastion(name: string, environment: string, role?: 'bastion' | 'deployer'): Promise<string>;
  /** Every entry of the ledger, in order. */
  ledger(): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Starts it; `stop()` in `afterAll` leaves nothing behind. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-server-'));
  const database = options.database ?? (await testDatabase());
  const context = await testContext(folder, database.db, options);
  const first = await firstAdministrator(context);
  if (!first) throw new Error('expected a database without accounts');
  const app = await buildServer(context, {
    allowedHosts: options.allowedHosts ?? [],
    metricsOpen: false,
    requestsPerMinute: options.requestsPerMinute ?? null,
    webRoot: options.webRoot ?? null,
    version: '0.0.0',
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = asker(url, undeclaredErrors(app.declared));
  return {
    url,
    context,
    routes: app.declared,
    admin: first,
    ask,
    ...making(ask, first.token, context.db),
    ledger: async () => {
      const rows = await database.db.selectFrom('ledger_entries').select('entry').orderBy('index').execute();
      return rows.map((row) => JSON.parse(row.entry) as Record<string, unknown>);
    },
    stop: async () => {
      await app.close();
      await context.feed.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The context of a server, without HTTP: for tests of use cases. */
export async function testContext(
  folder: string,
  db: AppContext['db'],
  options: TestServerOptions = {},
): Promise<AppContext> {
  const policyFile = options.policyFile ?? SHIPPED_POLICY;
  const text = await readFile(policyFile, 'utf8');
  const policy = policyInForce(policyFile, options.editPolicy?.(text) ?? text, sha256);
  const files = {
    keyFile: path.join(folder, 'log.key'),
    anchorFile: path.join(folder, 'checkpoint'),
    anchorRequired: true,
  };
  return {
    db,
    policy,
    monitoring: monitoringOf(options.monitoring ?? null),
    budgets: null,
    alerts: options.alerts ?? { source: null, secrets: [] },
    connections: options.connections ?? { all: [], mask: (one) => one },
    audiences: options.audiences ?? { routes: {}, status: null },
    // What a test gives lies on this machine.
    outside: outsideOf({ allowPrivate: options.allowPrivateAddresses ?? true }),
    shiftCalendar: shiftCalendar({ allowPrivate: options.allowPrivateAddresses ?? true }),
    identity: { freshMinutes: 10, provider: null, directory: null, ...options.identity },
    calendarText,
    readPlan: (sent) => Promise.resolve(readSentPlan({ policy: policy.policy, hash: sha256 }, sent)),
    hash: sha256,
    ledger: { book: await openLedger(db, files), frozen: null, paged: false, witnesses: [] },
    feed: openRecordedFeed(db.url),
    usedTokens: new Set(),
    metrics: new Metrics(),
    log: quiet,
  };
}

/** What a server says in a test is shown only where it failed unexpectedly. */
const quiet: AppContext['log'] = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields, text) => process.stderr.write(`${text}: ${JSON.stringify(fields)}\n`),
};

/** As a password is stored, by the least work that scrypt knows: what it costs in earnest, each time it is tried, few tests are about. */
function cheaplyHashed(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password.normalize('NFKC'), salt, 32, { N: 2, r: 1, p: 1 });
  return `scrypt$2$1$1$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

function asker(url: string, undeclared: ReturnType<typeof undeclaredErrors>): TestServer['ask'] {
  return async (method, where, asking = {}) => {
    const response = await fetch(url + where, {
      method,
      headers: {
        ...(asking.token !== undefined && { authorization: `Bearer ${asking.token}` }),
        ...(asking.bastion !== undefined && { 'interlock-bastion': asking.bastion }),
        ...(asking.body !== undefined && { 'content-type': 'application/json' }),
        ...asking.headers,
      },
      ...(asking.body !== undefined && { body: JSON.stringify(asking.body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    const answer = {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
    const flaw = response.status < 400 ? null : undeclared(method, where, Object(answer.body).code);
    if (flaw !== null) throw new Error(flaw);
    return answer;
  };
}

function making(
  ask: TestServer['ask'],
  token: string,
  db: AppContext['db'],
): Pick<TestServer, 'account' | 'shutOut' | 'onCall' | 'bastion'> {
  const made = async (method: string, where: string, body?: unknown) => {
    const answer = await ask(method, where, { token, body });
    if (answer.status >= 300) {
      throw new Error(`${method} ${where}: got \`${answer.status}\` ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };
  return {
    account: async (
      name,
      { roles = [], scopes, kind = 'person', botOf, agentOf, password, fresh = true } = {},
    ) => {
      await made('POST', '/api/v1/people', {
        name,
        kind: agentOf === undefined ? kind : 'service',
        displayName: name,
        botOf: agentOf ?? botOf ?? null,
        agent: agentOf !== undefined,
      });
      if (password !== undefined) await transact(db, (tx) => setPassword(tx, name, cheaplyHashed(password)));
      for (const role of roles) await made('PUT', `/api/v1/people/${name}/roles/${role}`);
      const issued = await made('POST', `/api/v1/people/${name}/tokens`, { label: 'test', scopes });
      const proof = { person: name, credential: issued.id, method: 'password', at: new Date() } as const;
      if (fresh) await transact(db, (tx) => noteAuthentication(tx, proof));
      return { name, token: issued.secret };
    },
    shutOut: (name) => made('PATCH', `/api/v1/people/${name}`, { disabled: true }),
    onCall: async (duty) => {
      const start = new Date(Date.now() - HOUR_MS).toISOString();
      const end = new Date(Date.now() + 24 * HOUR_MS).toISOString();
      const shifts = Object.entries(duty).map(([rota, person]) => [rota, [{ person, start, end }]]);
      await made('PUT', '/api/v1/rota', Object.fromEntries(shifts));
    },
    bastion: async (name, environment, role = 'bastion') =>
      // The runner is root where the tests are; what that is refused is a test of its own.
      (
        await made('POST', '/api/v1/bastions', {
          name,
          environment,
          role,
          privileged: process.getuid?.() === 0,
        })
      ).key,
  };
}
