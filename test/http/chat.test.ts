import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { mattermostConnection } from '../../src/integrations/mattermost/mattermost.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { hookPath, startMattermost } from '../kit/mattermost.ts';
import type { Peer } from '../kit/peer.ts';
import { CHANNEL, startSlack, type SlackServer } from '../kit/slack-server.ts';

let slack: SlackServer;
let mattermost: Peer;
let world: ChangeWorld;
beforeAll(async () => {
  slack = await startSlack();
  mattermost = await startMattermost();
  const settings = { token: { env: 'NONE' }, channel: CHANNEL, api: `${slack.url}/api/` };
  const all = [
    slackConnection(settings, { token: new Secret('xoxb-a-token'), signing: [], app: null }),
    mattermostConnection(new Secret(`${mattermost.url}${hookPath('a-secret')}`)),
  ];
  world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { chat: slack }\nenvironments:'),
    { connections: { all, mask: (text) => text } },
  );
});
afterEach(() => slack.behave('well'));
afterAll(async () => {
  await world.server.stop();
  await slack.stop();
  await mattermost.stop();
});

/** Time cannot be waited for here. */
const turn = async () => {
  await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
  await deliverDue(world.server.context);
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
};

describe('the production channel in Slack', () => {
  it('makes an announcement by channel and ts, and others hear along', async () => {
    const change = await world.open();
    await change.say(world.ana, '/schedule', { slot: slotIn(60_000), tentative: true });
    await world.asOwner(`update changes set slot_accepted = true where id = '${change.id}'`);
    slack.behave('busy');
    expect((await change.say(world.ben, '/announce')).body).toEqual({ announcedAt: null });
    await turn();
    expect((await world.server.ledger()).at(-1)).not.toMatchObject({ type: 'change.announced' });
    slack.behave('well');
    await turn();
    const [told] = slack.heard();
    expect((await world.server.ledger()).at(-1)).toMatchObject({
      type: 'change.announced',
      details: { connection: 'slack', delivered: `${CHANNEL}/${told!.ts}` },
    });
    expect(mattermost.heard()).toEqual([expect.stringContaining(`${change.id} (C2, `)]);
    expect(await world.rows('messages')).toBe(1);
  });
});
