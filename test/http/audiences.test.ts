import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { informAudiences } from '../../src/app/audience/inform.ts';
import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { audienceRoutes } from '../../src/contract/integrations/audiences.ts';
import { markChanges } from '../../src/app/run/mark.ts';
import { grafanaConnection } from '../../src/integrations/grafana/grafana.ts';
import { mailConnection } from '../../src/integrations/mail/mail.ts';
import { mastodonConnection } from '../../src/integrations/mastodon/mastodon.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { startGrafana, type Mark } from '../kit/grafana.ts';
import { startMailServer, type MailServer } from '../kit/mail-server.ts';
import { startMastodon, type Post } from '../kit/mastodon.ts';
import type { Peer } from '../kit/peer.ts';
import {
  atFirstStep,
  POSTCHECKS,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

const TOKEN = 'a-token-of-mastodon';
const PLAN = {
  title: 'Fail the shop-db over to db-02',
  steps: [stepOf('first')],
  communication: [
    { audience: 'end-users', start: 'The shop is away for <10> minutes.', end: 'The shop is back.' },
    { audience: 'support', start: 'It starts.', end: 'It ended.' },
    { audience: 'all-employees', start: 'It starts, all.', end: 'It ended, all.' },
    { audience: 'executive-staff', start: 'Begun.', end: 'Done.' },
  ],
};

let mail: MailServer;
let mastodon: Peer;
let grafana: Peer;
let world: RunWorld;
beforeAll(async () => {
  [mail, mastodon, grafana] = [await startMailServer(), await startMastodon(), await startGrafana()];
  const smtp = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'changes@example.com' } as const;
  const posts = { url: mastodon.url, token: { env: 'T' }, visibility: 'public', language: 'en' } as const;
  world = await startRunWorld({
    connections: {
      all: [
        mailConnection(smtp, null),
        mastodonConnection(posts, new Secret(TOKEN)),
        grafanaConnection({ url: grafana.url, token: { env: 'T' } }, new Secret(TOKEN)),
      ],
      mask: masking([new Secret(TOKEN)]),
    },
    audiences: {
      routes: audienceRoutes.parse({
        'end-users': { mail: ['shoppers@example.com'], posts: true },
        support: { mail: ['support@example.com', 'ops@example.com'] },
        'all-employees': {
          mail: ['all@example.com', 'ops@example.com'],
          texts: { start: 'All: {id} {text}' },
        },
      }),
      status: { title: 'The shop & its status' },
    },
  });
});
afterAll(async () => {
  await world.server.stop();
  await mail.stop();
  await mastodon.stop();
  await grafana.stop();
});
beforeEach(async () => {
  mail.behave('well');
  await send();
});

const send = async () => {
  const { context } = world.server;
  await informAudiences(context);
  await markChanges(context);
  await deliverDue(context);
  for (const { connection } of queuesOf(context).filter(({ direction }) => direction === 'out'))
    while ((await carry(context, connection, 'out')) > 0);
};
/** The mails since one, each to whom and with which subject. */
const mailsSince = (from: number) =>
  mail
    .heard()
    .slice(from)
    .map(
      ({ to, text }) =>
        `${to.join()}: ${/^Subject: (.+)$/m.exec(text.replaceAll(/\r\n(?= )/g, ''))?.[1]?.trim()}`,
    )
    .toSorted((a, b) => (a < b ? -1 : 1));
const postsSince = (from: number) =>
  mastodon
    .heard()
    .slice(from)
    .map((post) => (post as Post).status);
const page = async (path = '/status', headers: Record<string, string> = {}) => {
  const answer = await fetch(world.server.url + path, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const updatesOf = async (change: string) =>
  (await world.server.ask('GET', `/api/v1/changes/${change}/updates`, { token: world.ana.token })).body
    .audiences;

describe('the audiences of a change', () => {
  it('hear by themselves that it begins and that it has ended, each address once, the public nothing internal', async () => {
    const [mails, posts] = [mail.heard().length, mastodon.heard().length];
    const { run, runner, told } = await atFirstStep(world, PLAN);
    await send();
    await send();
    const { change } = run;
    const inner = (subject: string) => `[${change}] illumidesk.com: ${subject}: ${PLAN.title}`;
    expect(mailsSince(mails)).toEqual([
      `all@example.com: ${inner('maintenance begins')}`,
      `ops@example.com: ${inner('maintenance begins')}`,
      'shoppers@example.com: illumidesk.com: maintenance begins',
      `support@example.com: ${inner('maintenance begins')}`,
    ]);
    expect(mail.heard().find(({ to }) => to.includes('all@example.com'))!.text).toContain(
      `All: ${change} It starts, all.`,
    );
    expect(postsSince(posts)).toEqual(['The shop is away for <10> minutes.']);
    expect((await page()).text).toMatch(/Maintenance is under way[^]*away for &lt;10&gt; minutes/);
    // The executive staff is told by people: no way leads there.
    expect(
      (await updatesOf(change)).map(({ next }: { next: { what: string } | null }) => next?.what),
    ).toEqual([undefined, undefined, undefined, 'start']);

    const before = mail.heard().length;
    await runner.advance(stepReport(told, 'first'));
    expect((await runner.advance(POSTCHECKS)).body.instruction.kind).toBe('end');
    await send();
    await send();
    expect(mailsSince(before)).toHaveLength(4);
    expect(postsSince(posts)).toEqual(['The shop is away for <10> minutes.', 'The shop is back.']);
    for (const feed of ['', '/feed.atom', '/feed.rss', '/feed.json']) {
      const { text } = await page(`/status${feed}`);
      expect(text).toContain('The shop is back.');
      for (const secret of [change, PLAN.title, 'db-02', 'ben', run.id]) expect(text).not.toContain(secret);
    }
    const entries = (await world.server.ledger()).filter(({ type }) => type === 'change.informed');
    expect(entries.at(-1)).toMatchObject({ actor: { subject: 'audiences' }, details: { what: 'end' } });
    // Who looks at graphs sees both, where they happened.
    const marks = grafana
      .heard()
      .map((mark) => mark as Mark)
      .filter(({ tags }) => tags.includes(change));
    expect(marks.map(({ text }) => text)).toEqual([
      `${change} begins (${run.id})`,
      `${change} has ended, succeeded (${run.id})`,
    ]);
    expect(marks[0]!.time).toBe(Date.parse(run.startedAt));
  });

  it('are told of a rollback that it was one, and of a failure nothing that nobody knows', async () => {
    const posts = mastodon.heard().length;
    const failed = await atFirstStep(world, PLAN);
    await endRun(failed.run.change, 'failed');
    const undone = await atFirstStep(world, PLAN);
    await endRun(undone.run.change, 'rolled-back');
    expect(postsSince(posts)).toEqual([
      PLAN.communication[0]!.start,
      PLAN.communication[0]!.start,
      'The maintenance of illumidesk.com has ended without its change: everything is as it was before.',
    ]);
    expect((await updatesOf(failed.run.change))[0].next).toMatchObject({ what: 'end', late: true });
  });

  it('hear ahead of what takes them offline, of another time anew, and that it does not come', async () => {
    const [mails, posts] = [mail.heard().length, mastodon.heard().length];
    const change = await world.open({ ...PLAN, downtime: '10 min' });
    const at = (days: number, edition: number) =>
      asOwner(`update changes set state = 'scheduled', slot_accepted = true, slot_edition = ${edition},
        slot = tstzrange(now() + interval '${days} days', now() + interval '${days} days 1 hour') where id = '${change}'`);
    await at(20, 1);
    await send();
    expect(postsSince(posts)).toEqual([]);
    await at(5, 2);
    await send();
    await send();
    expect(mailsSince(mails)).toHaveLength(4);
    expect(postsSince(posts)).toEqual([
      expect.stringMatching(
        /^Planned maintenance of illumidesk\.com: .+ UTC to .+ UTC\. Expect up to 10 min of downtime\.$/,
      ),
    ]);
    expect((await page()).text).toMatch(/id="planned">Planned<\/h2><ul>/);
    await at(6, 3);
    await send();
    expect(postsSince(posts)).toHaveLength(2);
    await asOwner(`update changes set state = 'cancelled', slot_accepted = false where id = '${change}'`);
    await send();
    await send();
    expect(postsSince(posts).slice(2)).toEqual([expect.stringContaining('does not take place then')]);
    expect((await page()).text).toContain('<p>Nothing is planned.</p>');
  });

  it('wait for a mail server that is away, and nothing else does', async () => {
    const [mails, posts] = [mail.heard().length, mastodon.heard().length];
    mail.behave('busy');
    const { runner, told } = await atFirstStep(world, PLAN);
    await send();
    expect(postsSince(posts)).toHaveLength(1);
    expect((await runner.advance(stepReport(told, 'first'))).status).toBe(200);
    mail.behave('well');
    await asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
    await send();
    expect(mailsSince(mails).filter((one) => one.includes('begins'))).toHaveLength(4);
  });

  it('get what a person writes to them, on the same ways', async () => {
    const { run } = await atFirstStep(world, PLAN);
    const posts = mastodon.heard().length;
    const body = { audience: 'end-users', body: 'It takes ten minutes more.' };
    const path = `/api/v1/changes/${run.change}/updates`;
    expect((await world.server.ask('POST', path, { token: world.ben.token, body })).status).toBe(201);
    await send();
    expect(postsSince(posts)).toContain('It takes ten minutes more.');
    // As if it had been told ahead of a time that has passed.
    await asOwner(`insert into change_updates (change_id, audience, body, what, occasion, slot, at)
      values ('${run.change}', 'end-users', 'Planned.', 'ahead', 'as it was',
        tstzrange(now() - interval '2 hours', now() - interval '1 hour'), now() - interval '3 hours')`);
    expect((await page()).text).toContain('It takes longer than was announced.');
  });
});

/** Ends a run so, as it would after a while. */
const endRun = async (change: string, how: string) => {
  await asOwner(
    `update runs set state = '${how}', phase = 'steps', ended_at = now(), lease_expires_at = null, hold = null where change_id = '${change}'`,
  );
  await send();
};

describe('the public page', () => {
  it('is cacheable, answered without credentials, and again only where something changed', async () => {
    for (const [path, type] of [
      ['/status', 'text/html'],
      ['/status/feed.atom', 'application/atom+xml'],
      ['/status/feed.rss', 'application/rss+xml'],
      ['/status/feed.json', 'application/feed+json'],
    ] as const) {
      const { status, headers } = await page(path);
      expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^;]+;/);
      expect((await page(path, { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304);
    }
    const feed = JSON.parse((await page('/status/feed.json')).text);
    expect(feed.version).toBe('https://jsonfeed.org/version/1.1');
    expect(feed.title).toBe('The shop & its status');
    expect(new Set(feed.items.map(({ id }: { id: string }) => id)).size).toBe(feed.items.length);
    expect((await page('/status/feed.atom')).text).toContain('<title>The shop &amp; its status</title>');
  });
});

const asOwner = async (statement: string) => {
  const { Client } = await import('pg');
  const owner = new Client({ connectionString: world.server.context.db.url });
  await owner.connect();
  await owner.query(statement);
  await owner.end();
};
