import { afterAll, beforeAll, expect, it } from 'vitest';
import { informAudiences } from '../../src/app/audience/inform.ts';
import { tellAudience } from '../../src/app/audience/tell.ts';
import { deliverDue } from '../../src/app/deliver.ts';
import { carry } from '../../src/app/outside/carry.ts';
import { examineConnections } from '../../src/app/outside/examine.ts';
import { remindOfUpdates } from '../../src/app/change/remind-of-updates.ts';
import { audienceRoutes } from '../../src/contract/integrations/audiences.ts';
import { audienceWebhook } from '../../src/integrations/audience-webhook/audience-webhook.ts';
import { mattermostRoom } from '../../src/integrations/mattermost/mattermost.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { standardSigned } from '../../src/integrations/signatures/schemes.ts';
import { slackRoom } from '../../src/integrations/slack/room.ts';
import { transact } from '../../src/store/database.ts';
import { expectStatus } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import { hookPath, startMattermost } from '../kit/mattermost.ts';
import { httpPeer, type PeerRequest } from '../kit/peer.ts';
import { ROOM, startSlack } from '../kit/slack-server.ts';
import { atFirstStep, startRunWorld, stepOf, stepReport, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

const PLAN = {
  cmoc: 'rhea',
  communication: [
    { audience: 'support', every: '30 min', start: 'It starts.', end: 'It ended.' },
    { audience: 'change-channel', start: 'We begin.', end: 'We are done.' },
  ],
  steps: [stepOf('first'), stepOf('second'), stepOf('third')],
};
const interlock = (who: { token: string }, ...argv: string[]) =>
  typed(['inform', ...argv], {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token },
  });
const updatesRule = async (change: string) => {
  const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
  return shown.body.verdict.decision.verdicts.find(({ rule }: { rule: string }) => rule === 'updates-due');
};
const reminders = async () =>
  (await world.server.ask('GET', '/api/v1/notices', { token: world.rhea.token })).body.notices
    .filter(({ kind }: { kind: string }) => kind === 'update-late')
    .map(({ body }: { body: string }) => body.replace(/since .*Z/, 'since then'));

it('counts what is late from what was sent: it warns, reminds once, and is quiet when they were told', async () => {
  const { run, runner, told } = await atFirstStep(world, PLAN);
  const { change } = run;
  expect(await updatesRule(change)).toMatchObject({
    verdict: 'warn',
    because: expect.stringContaining('1 waits for a late update') as string,
  });
  await remindOfUpdates(world.server.context);
  await remindOfUpdates(world.server.context);
  expect(await reminders()).toEqual([
    `${change}: support waits for the start since then. interlock inform ${change} support`,
  ]);
  expect(await interlock(world.ana, change, 'end-users')).toMatchObject({ status: 3 });
  expect((await interlock(world.server.admin, change, 'support')).status).not.toBe(0);
  expect(await interlock(world.rhea, change, 'support')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /support +every 30 min +1 +\S+Z +update, by [^]*change-channel +start and end +1 +\S+Z +nothing/,
    ) as string,
  });
  expect(await updatesRule(change)).toMatchObject({ verdict: 'pass' });
  await deliverDue(world.server.context);
  const { messages } = (await world.server.ask('GET', '/api/v1/channel', { token: world.ana.token })).body;
  expect(messages[0]).toMatchObject({ change, person: 'interlock', body: `${change}: We begin.` });
  expect((await runner.advance(stepReport(told, 'first'))).body.instruction).toMatchObject({ position: 1 });
});

it('between start and end an audience is told something of its own, which stays', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const path = `/api/v1/changes/${run.change}/updates`;
  const tell = (body: unknown) => world.server.ask('POST', path, { token: world.ben.token, body });
  expectStatus(await tell({ audience: 'support' }), 201);
  expect(await tell({ audience: 'support' })).toMatchObject({ body: { code: 'invalid' } });
  const { audiences } = expectStatus(
    await tell({ audience: 'support', body: 'Half of it is done.' }),
    201,
  ).body;
  expect(audiences[0]).toMatchObject({
    sent: [{ body: 'It starts.' }, { by: 'ben', body: 'Half of it is done.' }],
    next: { what: 'update', late: false },
  });
  const [entry] = (await world.server.ledger()).slice(-1);
  expect(entry).toMatchObject({
    type: 'change.informed',
    outcome: 'allow',
    details: { audience: 'support' },
  });
});

const TOKEN = 'xoxb-a-token-of-rooms';
const HOOK_SECRET = 'a-secret-of-the-webhook';

/** Rooms and a webhook of audiences' own, two of which share one, and a server that knows them. */
const startPlaces = async () => {
  const [slack, mattermost] = [await startSlack(), await startMattermost()];
  const hook = await httpPeer((request) =>
    request.method === 'POST' ? { status: 204, took: request } : { status: 405 },
  );
  const all = [
    mattermostRoom('mattermost-end-users', ['end-users'], new Secret(mattermost.url + hookPath(TOKEN))),
    audienceWebhook({ name: 'webhook-end-users', url: hook.url, audiences: ['end-users'] }, [
      new Secret('whsec_b2xkLXNlY3JldA=='),
      new Secret(HOOK_SECRET),
    ]),
    slackRoom(
      { name: 'slack-all-employees', channel: ROOM, audiences: ['all-employees', 'executive-staff'] },
      { api: `${slack.url}/api` },
      new Secret(TOKEN),
    ),
  ];
  const routes = audienceRoutes.parse({
    'end-users': {
      room: { mattermost: { env: 'T' }, texts: { start: 'In the room: {text}' } },
      webhook: { url: hook.url, signing: [{ env: 'T' }], texts: { start: '{environment} is away' } },
    },
    'all-employees': { room: { slack: ROOM } },
    'executive-staff': { room: { slack: ROOM } },
  });
  const connections = { all, mask: masking([new Secret(TOKEN)]) };
  const context = { ...world.server.context, connections, audiences: { routes, status: null } };
  const send = async () => {
    await informAudiences(context);
    for (const connection of all) while ((await carry(context, connection, 'out')) > 0);
  };
  const stop = () => Promise.all([slack, mattermost, hook].map((peer) => peer.stop()));
  return { slack, mattermost, hook, context, send, stop };
};

it('audiences have rooms and webhooks of their own, with their own texts, and hear once in a room that they share', async () => {
  const { slack, mattermost, hook, context, send, stop } = await startPlaces();
  const { run } = await atFirstStep(world, {
    ...PLAN,
    communication: [
      { audience: 'end-users', start: 'The shop is away.', end: 'The shop is back.' },
      { audience: 'all-employees', start: 'It starts, all.', end: 'It ended, all.' },
      { audience: 'executive-staff', start: 'Begun.', end: 'Done.' },
    ],
  });
  await send();
  await send();
  const { change } = run;
  expect(mattermost.heard()).toEqual(['In the room: The shop is away.']);
  expect(slack.heard().map(({ channel, text }) => [channel, text])).toEqual([
    [ROOM, `${change}: It starts, all.`],
  ]);
  const [sent, ...more] = hook.heard() as PeerRequest[];
  expect(more).toEqual([]);
  const { body, headers } = sent!;
  const raw = { headers: headers as Record<string, string>, body, receivedAtMs: Date.now() };
  expect(
    ['whsec_b2xkLXNlY3JldA==', HOOK_SECRET, 'another-secret'].map((one) => standardSigned(raw, [one])),
  ).toEqual([true, true, false]);
  const [audience, environment] = ['end-users', 'illumidesk.com'];
  const told = { audience, what: 'start', environment, from: null, to: null, text: 'illumidesk.com is away' };
  expect(JSON.parse(body.toString())).toEqual({ type: 'audience.told', ...told });
  // The public learns no number of a change, by what a message is known by neither.
  for (const inner of [change, run.id])
    expect(`${JSON.stringify(headers)} ${body.toString()}`).not.toContain(inner);

  const row = { id: change, title: 'A title', environment };
  await transact(context.db, (tx) =>
    tellAudience(tx, context, {
      change: row,
      audience: 'all-employees',
      what: 'word',
      occasion: null,
      by: 'ben',
      slot: null,
      body: 'Half of it is done.',
    }),
  );
  await send();
  expect(slack.heard().at(-1)!.text).toBe(`${change}: Half of it is done.`);

  const statuses = async () =>
    (await examineConnections(context)).map(({ part, status }) => `${part}: ${status}`);
  const names = ['mattermost-end-users', 'webhook-end-users', 'slack-all-employees'];
  expect(await statuses()).toEqual(names.map((name) => `integration ${name}: ok`));
  hook.behave('gone');
  slack.behave('refusing');
  expect(await statuses()).toEqual(
    names.map((name, index) => `integration ${name}: ${index === 0 ? 'ok' : 'warning'}`),
  );
  await stop();
});
