import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '../src/cli/client.ts';
import { issuedToken } from '../src/contract/people.ts';
import { lineOf, loaded, start, stop } from './program.ts';
import { ticketsPerSecond } from './request-tracker.ts';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const CALLERS = 16;
const WARM_UP = 600;
const CHANGES = 2_000;
const GOAL = 300;
/** The goal beside what Request Tracker did where the goal was set. */
const GOAL_RATIO = 115;
/** Request Tracker 5 on PostgreSQL as measured on the CI machine in November 2026, where it cannot be measured here. */
const REQUEST_TRACKER = 2.6;

/**
 * Filing a request over HTTP as a client does it: authenticated, the plan with its script read, linted and digested, the request
 * written and indexed, its ledger entry appended, all durable before the answer. No two plans are alike.
 */
export async function benchOpen(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-open-'));
  const tokenFile = path.join(folder, 'token');
  const server = start([path.join(root, 'bin/interlock.js'), 'serve'], {
    INTERLOCK_DATA: path.join(folder, 'data'),
    INTERLOCK_PORT: '0',
    INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
  });
  try {
    const url = await lineOf(server, /serves on (\S+)/);
    const token = await authorAt(url, (await readFile(tokenFile, 'utf8')).trim());
    const { perSecond, p99Ms } = await loaded({
      url: `${url}/api/v1/changes`,
      authorization: `Bearer ${token}`,
      body: await request(),
      status: 201,
      callers: CALLERS,
      warmUp: WARM_UP,
      count: CHANGES,
    });
    await stop(server);
    const tickets = await ticketsPerSecond(folder, { callers: CALLERS, text: await ticketText() });
    const beside =
      tickets === null
        ? `${REQUEST_TRACKER} a second (2026-11)`
        : `${tickets.toFixed(1)} a second, same callers`;
    return [
      {
        what: `open a change over HTTP, ${CALLERS} callers: durable, audited, indexed`,
        goal: `${GOAL} a second, ${GOAL_RATIO} times`,
        measured: `${perSecond.toFixed(0)} a second, p99 ${p99Ms.toFixed(0)} ms`,
        reference: `Request Tracker 5 on PostgreSQL: ${beside}`,
        ratio: (perSecond / (tickets ?? REQUEST_TRACKER)).toFixed(0),
      },
    ];
  } finally {
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  }
}

async function authorAt(url: string, adminToken: string): Promise<string> {
  const admin = createClient({ url, token: adminToken, bastionKey: null });
  await admin.ask('POST', '/api/v1/people', { body: { name: 'ana', displayName: 'ana' } });
  const body = { label: 'bench' };
  return (await admin.ask('POST', '/api/v1/people/ana/tokens', { body, answer: issuedToken })).secret;
}

/** What stands in a ticket in place of the plan: the same text. */
async function ticketText(): Promise<string> {
  return readFile(path.join(root, 'demo/plan/raise-work-mem.yaml'), 'utf8');
}

/** The demo's plan with its script, each time with another title and another objective. */
async function request(): Promise<string> {
  const plan = await readFile(path.join(root, 'demo/plan/raise-work-mem.yaml'), 'utf8');
  const script = await readFile(path.join(root, 'demo/plan/set-work-mem.sh'), 'utf8');
  return JSON.stringify({
    file: 'raise-work-mem.yaml',
    plan: plan
      .replace(/^title: .*$/m, '$&, the {{number}}th time')
      .replace(/^objective: .*$/m, '$& This is time {{number}}.'),
    scripts: { 'set-work-mem.sh': script },
  });
}
