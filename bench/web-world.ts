import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { Client } from 'pg';
import { type Client as ApiClient, createClient } from '../src/cli/client.ts';
import { openedChange } from '../src/contract/changes.ts';
import { issuedToken } from '../src/contract/people.ts';
import { startEmbedded } from '../src/embedded/server.ts';
import { startBrowser } from '../test/kit/browser.ts';
import { lineOf, start, stop } from './program.ts';

const root = path.resolve(import.meta.dirname, '..');

/** A real server with requests, and somebody signed in at it in a real browser. */
export interface WebWorld extends BareWorld {
  readonly page: Page;
}

/** A real server as its administrator has it. */
export interface BareWorld {
  readonly url: string;
  readonly admin: ApiClient;
  /** Has something ended as the world ends. */
  readonly ends: (stop: () => Promise<void>) => void;
  stop(): Promise<void>;
}

export interface Filling {
  /** All requests that there are. */
  readonly changes: number;
  /** Those of them with a slot in the month that is shown. */
  readonly inMonth: number;
}

/** Starts PostgreSQL, the server as a program of its own, and Chromium; all in a folder. */
export async function startWebWorld(folder: string, filling: Filling): Promise<WebWorld> {
  // Whatever has begun ends, here where something after it fails too.
  await using begun = new AsyncDisposableStack();
  const embedded = await startEmbedded({ dataDir: path.join(folder, 'data'), log: () => undefined });
  begun.defer(() => embedded.stop());
  const world = await startBareWorld(folder, { DATABASE_URL: embedded.url });
  begun.defer(() => world.stop());
  const token = await personIn(world, 'ana');
  await filled(world, { database: embedded.url, token }, filling);
  const page = await enter(world, token);
  const ending = begun.move();
  return { ...world, page, stop: () => ending.disposeAsync() };
}

/** Starts the server as a program of its own, in a folder; with its own PostgreSQL unless the environment names one. */
export async function startBareWorld(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<BareWorld> {
  await using begun = new AsyncDisposableStack();
  const tokenFile = path.join(folder, 'token');
  const server = start([path.join(root, 'bin/interlock.js'), 'serve'], {
    INTERLOCK_DATA: path.join(folder, 'server'),
    INTERLOCK_PORT: '0',
    INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
    ...env,
  });
  begun.defer(() => stop(server));
  const url = await lineOf(server, /serves on (\S+)/);
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const ending = begun.move();
  return {
    url,
    admin: createClient({ url, token, bastionKey: null }),
    ends: (end) => ending.defer(end),
    stop: () => ending.disposeAsync(),
  };
}

/** Makes a person, and answers a token of theirs. */
export async function personIn({ admin }: BareWorld, name: string): Promise<string> {
  await admin.ask('POST', '/api/v1/people', { body: { name, displayName: name } });
  const body = { label: 'bench' };
  const { secret } = await admin.ask('POST', `/api/v1/people/${name}/tokens`, { body, answer: issuedToken });
  return secret;
}

/** Somebody signs in in a browser of their own. */
export async function enter({ url, ends }: BareWorld, token: string): Promise<Page> {
  const browser = await startBrowser();
  ends(() => browser.stop());
  const page = await browser.context.newPage();
  await page.goto(url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('article').first().waitFor();
  return page;
}

interface Owner {
  readonly database: string;
  /** Of who plans. */
  readonly token: string;
}

/** One request as people file it, and all others as copies of it. */
async function filled({ url }: BareWorld, { database, token }: Owner, filling: Filling): Promise<void> {
  const ana = createClient({ url, token, bastionKey: null });
  const { id } = await ana.ask('POST', '/api/v1/changes', { body: await request(), answer: openedChange });
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query<{ definition: string }>(
      `select indexdef as definition from pg_indexes where indexname = 'changes_by_text'`,
    );
    // An index that is made of rows that stand costs a tenth of one that grows with them.
    await client.query('drop index changes_by_text');
    await client.query(ELSEWHEN, [id, filling.changes - filling.inMonth]);
    await client.query(IN_MONTH, [id, filling.inMonth]);
    await client.query(REVISIONS, [id]);
    for (const { definition } of rows) await client.query(definition);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

async function request(): Promise<unknown> {
  const plan = await readFile(path.join(root, 'demo/plan/raise-work-mem.yaml'), 'utf8');
  const script = await readFile(path.join(root, 'demo/plan/set-work-mem.sh'), 'utf8');
  return { file: 'raise-work-mem.yaml', plan, scripts: { 'set-work-mem.sh': script } };
}

const COLUMNS = `revision, author, title, environment, services, criticality, severity, kind, executor, digest, words, state, slot,
  last_slot, slot_accepted, on_calendar, slot_set_at`;
const COPIED = `1, author, title || ' on db-' || i % 1000, environment, array['svc-' || i % 300], 'C' || 1 + i % 4, severity, kind,
  executor, digest, words`;

/** Over, one after another, in the years before. */
const ELSEWHEN = `
  insert into changes (${COLUMNS})
  select ${COPIED}, 'complete', span, span, true, true, now()
  from changes, generate_series(1, $2::int) as i,
    tstzrange(now() - interval '60 days' - i * interval '20 minutes',
      now() - interval '60 days' - i * interval '20 minutes' + interval '50 minutes') as span
  where id = $1`;

/** Spread over this month in UTC: over before now, to come after it, some of those only pencilled in. */
const IN_MONTH = `
  with month as (select date_trunc('month', now(), 'UTC') as first, interval '1 month' / $2::int as apart),
    spans as (
      select i, tstzrange(first + i * apart, first + i * apart + interval '50 minutes') as span
      from month, generate_series(0, $2::int - 1) as i)
  insert into changes (${COLUMNS})
  select ${COPIED}, case when upper(span) < now() + interval '1 hour' then 'complete' when i % 5 = 0 then 'unscheduled' else 'scheduled' end,
    span, span, upper(span) < now() + interval '1 hour' or i % 5 > 0, upper(span) < now() + interval '1 hour' or i % 5 > 0, now()
  from changes, spans where id = $1`;

const REVISIONS = `
  insert into change_revisions (change_id, revision, plan_file, plan_text, scripts, plan, digest, parts, summary, findings, by)
  select c.id, 1, r.plan_file, r.plan_text, r.scripts, r.plan, r.digest, r.parts, r.summary, r.findings, r.by
  from change_revisions r, changes c where r.change_id = $1 and c.id <> $1 and c.slot && tstzrange(now() - interval '40 days', null)`;
