import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { mattermostConnection } from '../../src/integrations/mattermost/mattermost.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from './changes.ts';
import { hookPath, startMattermost } from './mattermost.ts';
import type { TestAccount } from './server.ts';
import {
  CHANNEL,
  pressed,
  slackBody,
  slackSignature,
  startSlack,
  typed,
  type SlackServer,
} from './slack-server.ts';

export const SIGNING = 'a-signing-secret';
/** User ids in Slack of those who linked their account. */
export const USERS = { cora: 'U0CORA', ana: 'U0ANA', rhea: 'U0RHEA' } as const;

export type ChatWorld = Awaited<ReturnType<typeof startChatWorld>>;

/** The people of a change, with Slack as the production channel and Mattermost that hears along; `stop()` in `afterAll`. */
export async function startChatWorld() {
  const slack = await startSlack();
  const mattermost = await startMattermost();
  const settings = { token: { env: 'NONE' }, channel: CHANNEL, api: `${slack.url}/api/` };
  const secrets = { token: new Secret('xoxb-a-token'), signing: [new Secret(SIGNING)], app: null };
  const all = [
    slackConnection(settings, secrets),
    mattermostConnection(new Secret(`${mattermost.url}${hookPath('a-secret')}`)),
  ];
  const world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { chat: slack }\nenvironments:'),
    { connections: { all, mask: (text) => text } },
  );
  const chat = doing(world, slack);
  for (const name of ['cora', 'ana', 'rhea'] as const) await chat.link(world[name], USERS[name]);
  const stop = async () => {
    await world.server.stop();
    await slack.stop();
    await mattermost.stop();
  };
  return { world, slack, mattermost, ...chat, stop };
}

function doing(world: ChangeWorld, slack: SlackServer) {
  const talk = talking(world, slack);
  const links = (who: TestAccount, method: string, rest = '', body?: unknown) =>
    world.server.ask(method, `/api/v1/account-links${rest}`, {
      token: who.token,
      ...(body !== undefined && { body }),
    });
  const link = async (who: TestAccount, user: string) => {
    const { id, say } = expectStatus(await links(who, 'POST', '', { connection: 'slack' }), 201).body;
    await talk.type(user, say);
    return expectStatus(await links(who, 'POST', `/${id}/confirm`), 200).body;
  };
  /** A C2 whose start is announced, with its message. */
  const announced = async () => {
    const change = await world.open();
    await change.say(world.ana, '/schedule', { slot: slotIn(60_000), tentative: true });
    await world.asOwner(
      `update changes set slot_accepted = true, state = 'scheduled' where id = '${change.id}'`,
    );
    await change.say(world.ben, '/announce');
    await talk.turn();
    const ts = slack.heard().at(-1)?.ts ?? '';
    return { change, ts, approve: `approve start eoc ${change.digest}` };
  };
  return { ...talk, links, link, announced, newest: () => slack.heard().at(-1)! };
}

/** What Slack tells the server, signed, and what the server answers. */
function talking({ server }: Pick<ChangeWorld, 'server'>, slack: SlackServer) {
  /** Time cannot be waited for here. */
  const turn = async () => {
    await server.context.db.pool.query(
      'update outbox set next_attempt_at = now() where delivered_at is null and given_up_at is null',
    );
    await deliverDue(server.context);
    for (const { connection, direction } of queuesOf(server.context).toReversed())
      await carry(server.context, connection, direction);
  };
  /** Tells the server something, and no more: what follows from it waits. */
  const hand = async (told: Record<string, unknown>, headers?: Record<string, string>) => {
    const body = slackBody(told);
    const answer = await fetch(`${server.url}/api/v1/hooks/slack`, {
      method: 'POST',
      headers: headers ?? slackSignature(SIGNING, body),
      body,
    });
    return { status: answer.status, text: await answer.text() };
  };
  const tell = async (told: Record<string, unknown>, headers?: Record<string, string>) => {
    const answer = await hand(told, headers);
    await turn();
    return answer;
  };
  /** What whoever told it was answered, alone. */
  const answerTo = async (told: Record<string, unknown>) => {
    const before = slack.answers().length;
    await tell(told);
    return slack.answers()[before];
  };
  return {
    turn,
    hand,
    tell,
    type: (user: string, text: string, more?: object) => answerTo(typed(slack, user, text, more)),
    press: (user: string, ts: string, value: string, more?: object) =>
      answerTo(pressed(slack, user, { ts, value }, more)),
  };
}
