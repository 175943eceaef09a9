import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { noteIssues } from '../../src/app/tracker/keep-issue.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import type { Client } from '../../src/integrations/peer/lending.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { CLIENT, redirectOf } from './authority.ts';
import { expectStatus, startChangeWorld } from './changes.ts';
import { HOOK_SECRET, PROJECT, startGitlab } from './gitlab-server.ts';
import type { TestAccount, TestServerOptions } from './server.ts';
import { CHANNEL, startSlack } from './slack-server.ts';

export const clientOf = (peer: string): Client => ({
  id: CLIENT.id,
  secret: new Secret(CLIENT.secret),
  redirect: redirectOf(peer),
});

/** Who the people are there. */
export const THERE = { gitlab: { cora: 11, rolf: 12 }, slack: { cora: 'U0CORA', rolf: 'U0ROLF' } } as const;

export type PostingWorld = Awaited<ReturnType<typeof startPostingWorld>>;

/** A server whose tracker is a GitLab and whose channel is a Slack, at both of which people may lend the right to post; `stop()` in `afterAll`. */
export async function startPostingWorld(more: Pick<TestServerOptions, 'webRoot'> = {}) {
  const gitlab = await startGitlab();
  const slack = await startSlack();
  const all = [
    gitlabConnection(
      { url: gitlab.url, project: PROJECT, token: { env: 'NONE' }, confidential: true },
      { token: new Secret('glpat-a-token'), hooks: [new Secret(HOOK_SECRET)], client: clientOf('gitlab') },
    ),
    slackConnection(
      { token: { env: 'NONE' }, channel: CHANNEL, api: `${slack.url}/api/` },
      {
        token: new Secret('xoxb-a-token'),
        signing: [new Secret('a-secret')],
        app: null,
        client: clientOf('slack'),
      },
    ),
  ];
  const world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { issue: gitlab, chat: slack }\nenvironments:'),
    { ...more, connections: { all, mask: (text) => text } },
  );
  const { server } = world;
  /** Time cannot be waited for here. */
  const turn = async () => {
    await noteIssues(server.context);
    await world.asOwner(
      'update outbox set next_attempt_at = now() where delivered_at is null and given_up_at is null',
    );
    await deliverDue(server.context);
    for (const { connection, direction } of queuesOf(server.context))
      await carry(server.context, connection, direction);
  };
  const links = (who: TestAccount, method: string, rest = '', body?: unknown) =>
    server.ask(method, `/api/v1/account-links${rest}`, {
      token: who.token,
      ...(body !== undefined && { body }),
    });
  const authorityOf = { gitlab: gitlab.authority, slack: slack.authority };
  const begin = async (who: TestAccount, connection: 'gitlab' | 'slack') =>
    expectStatus(await links(who, 'POST', '/lending', { connection }), 201).body.url as string;
  const back = (who: TestAccount, connection: string, parameters: string) =>
    links(who, 'POST', '/return', { connection, parameters });
  /** Lends the right at a peer, as its person does. */
  const lend = async (who: TestAccount, connection: 'gitlab' | 'slack', user: number | string) => {
    const page = await begin(who, connection);
    const said = await back(who, connection, authorityOf[connection].agree(page, user));
    return expectStatus(said, 201).body;
  };
  /** A C2 with its issue. */
  const opened = async () => {
    const change = await world.open();
    await turn();
    return change;
  };
  const stop = async () => {
    await server.stop();
    await gitlab.stop();
    await slack.stop();
  };
  return { world, server, gitlab, slack, turn, links, begin, back, lend, opened, stop };
}
