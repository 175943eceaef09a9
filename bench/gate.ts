import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '../src/cli/client.ts';
import { issuedToken } from '../src/contract/people.ts';
import type { Seen } from './load.ts';
import { lineOf, start, stop } from './program.ts';
import type { Row } from './row.ts';
import { loadedByWrk, type WrkLoad } from './wrk.ts';

const root = path.resolve(import.meta.dirname, '..');
const CALLERS = 32;
const WARM_UP_SECONDS = 4;
const SECONDS = 8;
/** What the design asks for beside what bare Fastify did on the machine where it was asked: a ratio holds elsewhere too. */
const GOAL = { perSecond: 5_000, p99Ms: 25, barePerSecond: 88_000 };
const ENVIRONMENT = 'bench.example';
/** Of one service each: what equal questions of one batch share is not measured. */
const QUESTIONS = Array.from({ length: 100 }, (_, index) => ({
  environment: ENVIRONMENT,
  services: [`bench-${index}`],
  criticality: 'C4',
  severity: 'S4',
  deployment: 'production',
  estimateMinutes: 5,
  rollbackMinutes: 5,
}));

/**
 * The gate as a pipeline meets it: authenticated, decided on facts read in its transaction, the answer with its facts durable in
 * the ledger before it is given. The server is pinned to one core where that can be done, its database and the load to another.
 */
export async function benchGate(): Promise<Row[]> {
  const before = await measureBare();
  const gate = await measureGate();
  const after = await measureBare();
  const bare = (before.perSecond + after.perSecond) / 2;
  const { perSecond, p99Ms, barePerSecond } = GOAL;
  return [
    {
      what: `pipeline gate over HTTP, ${CALLERS} callers: authenticated, durable in the ledger`,
      goal: `${(perSecond / barePerSecond).toFixed(3)} of bare (${perSecond} where that does ${barePerSecond}), p99 ${p99Ms} ms there`,
      measured: `${gate.perSecond.toFixed(0)} a second, p99 ${gate.p99Ms.toFixed(0)} ms`,
      reference: `bare Fastify, same load, before and after: ${before.perSecond.toFixed(0)} and ${after.perSecond.toFixed(0)} a second`,
      ratio: (gate.perSecond / bare).toFixed(3),
    },
  ];
}

async function measureBare(): Promise<Seen> {
  const server = start([path.join(root, 'bench/gate-bare.ts')], {});
  try {
    return await loadedByWrk(questions(await lineOf(server, /^(http\S+)$/m, '0'), 'none'), '1');
  } finally {
    await stop(server);
  }
}

async function measureGate(): Promise<Seen> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-gate-'));
  const policy = path.join(folder, 'policy.yaml');
  const tokenFile = path.join(folder, 'token');
  await writeFile(policy, await benchPolicy());
  const server = start([path.join(root, 'bin/interlock.js'), 'serve'], {
    INTERLOCK_DATA: path.join(folder, 'data'),
    INTERLOCK_PORT: '0',
    INTERLOCK_POLICY: policy,
    INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
  });
  try {
    const url = await lineOf(server, /serves on (\S+)/, '0');
    const token = await pipeline(url, (await readFile(tokenFile, 'utf8')).trim());
    return await loadedByWrk(questions(url, token), '1');
  } finally {
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The shipped policy with an environment in which nothing has to be proven, so that the gate alone is measured. */
async function benchPolicy(): Promise<string> {
  const shipped = await readFile(path.join(root, 'policies/illumidesk.yaml'), 'utf8');
  const absent = 'monitoring: { prometheus: absent, thanos: absent, alertmanager: absent }';
  return shipped
    .replace(
      '\nenvironments:\n',
      `\nenvironments:\n  ${ENVIRONMENT}:\n    operational: true\n    ${absent}\n`,
    )
    .replace('\nrules:\n', '\nrules:\n  metrics-available: { level: off }\n');
}

/** A service account with the scope `ask`, and its token. */
async function pipeline(url: string, adminToken: string): Promise<string> {
  const admin = createClient({ url, token: adminToken, bastionKey: null });
  const robot = { name: 'robot', kind: 'service', displayName: 'robot' };
  await admin.ask('POST', '/api/v1/people', { body: robot });
  const body = { label: 'bench', scopes: ['ask'] };
  return (await admin.ask('POST', '/api/v1/people/robot/tokens', { body, answer: issuedToken })).secret;
}

const questions = (url: string, token: string): WrkLoad => ({
  url: `${url}/api/v1/decisions`,
  authorization: `Bearer ${token}`,
  bodies: QUESTIONS.map((question) => JSON.stringify(question)),
  callers: CALLERS,
  warmUpSeconds: WARM_UP_SECONDS,
  seconds: SECONDS,
});
