import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient, type Client } from '../src/cli/client.ts';
import { readConfig } from '../src/config.ts';
import { issuedToken } from '../src/contract/people.ts';
import { openedChange } from '../src/contract/changes.ts';
import { serve } from '../src/serve.ts';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const CALLERS = 16;
const WARM_UP = 200;
const CHANGES = 2_000;
const GOAL = 300;
/** Request Tracker 5 on PostgreSQL, tickets created over its REST 2 interface, measured on the CI machine in November 2026. */
const REQUEST_TRACKER = 2.6;

const quiet = () => undefined;

/**
 * Filing a request over HTTP as a client does it: authenticated, the plan with its script read, linted and digested, the request
 * written and indexed, its ledger entry appended, all durable before the answer.
 */
export async function benchOpen(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-open-'));
  const tokenFile = path.join(folder, 'token');
  const serving = await serve(
    readConfig({
      INTERLOCK_DATA: path.join(folder, 'data'),
      INTERLOCK_PORT: '0',
      INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
    }),
    { version: '0.0.0', log: { info: quiet, warn: quiet, error: quiet }, tell: quiet },
  );
  try {
    const author = await authorOf(serving.url, (await readFile(tokenFile, 'utf8')).trim());
    return await measure(author);
  } finally {
    await serving.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function authorOf(url: string, adminToken: string): Promise<Client> {
  const admin = createClient({ url, token: adminToken, bastionKey: null });
  await admin.ask('POST', '/api/v1/people', { body: { name: 'ana', displayName: 'ana' } });
  const body = { label: 'bench' };
  const { secret } = await admin.ask('POST', '/api/v1/people/ana/tokens', { body, answer: issuedToken });
  return createClient({ url, token: secret, bastionKey: null });
}

async function measure(author: Client): Promise<Row[]> {
  const plan = await readFile(path.join(root, 'demo/plan/raise-work-mem.yaml'), 'utf8');
  const script = await readFile(path.join(root, 'demo/plan/set-work-mem.sh'), 'utf8');
  const body = { file: 'raise-work-mem.yaml', plan, scripts: { 'set-work-mem.sh': script } };
  const open = () => author.ask('POST', '/api/v1/changes', { body, answer: openedChange });
  await opened(open, WARM_UP);
  const started = performance.now();
  const times = await opened(open, CHANGES);
  const rate = CHANGES / ((performance.now() - started) / 1_000);
  const sorted = times.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return [
    {
      what: `open a change over HTTP, ${CALLERS} callers: durable, audited, indexed`,
      goal: `${GOAL} a second`,
      measured: `${rate.toFixed(0)} a second, p99 ${p99.toFixed(0)} ms`,
      reference: `Request Tracker 5 on PostgreSQL (2026-11): ${REQUEST_TRACKER} a second`,
      ratio: (rate / REQUEST_TRACKER).toFixed(0),
    },
  ];
}

/** Files so many requests with all callers at once; the milliseconds that each took. */
async function opened(open: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const caller = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      await open();
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return times;
}
