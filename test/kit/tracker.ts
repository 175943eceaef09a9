import { deliverDue } from '../../src/app/deliver.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { noteIssues } from '../../src/app/tracker/keep-issue.ts';
import type { IssueTexts } from '../../src/kernel/change/issue-text.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { expectStatus, startChangeWorld, type ChangeWorld } from './changes.ts';
import { HOOK_SECRET, OTHER_PROJECT, PROJECT, startGitlab, type GitlabServer } from './gitlab-server.ts';
import type { TestAccount } from './server.ts';

/** A server whose tracker is a GitLab, and the people of a change. */
export interface TrackerWorld extends ChangeWorld {
  readonly gitlab: GitlabServer;
  /** Does what the server does by the clock: time cannot be waited for here. */
  turn(): Promise<void>;
  /** Sends what GitLab would. */
  hook(sent: { readonly headers: Record<string, string>; readonly body: string }): Promise<Response>;
  /** GitLab tells that something about an issue changed, and the server takes it up. */
  told(kind: 'issue' | 'note', iid: number): Promise<void>;
  /** Links an account there, as its person does. */
  linkTo(who: TestAccount, author: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startTrackerWorld(issueTexts: IssueTexts = {}): Promise<TrackerWorld> {
  const gitlab = await startGitlab();
  const connection = gitlabConnection(
    {
      url: gitlab.url,
      project: { default: OTHER_PROJECT, environments: { 'illumidesk.com': PROJECT } },
      token: { env: 'NONE' },
      confidential: true,
      incidents: { label: 'Incident::Active' },
    },
    { token: new Secret('glpat-a-token'), hooks: [new Secret(HOOK_SECRET)] },
  );
  const world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { issue: gitlab }\nenvironments:'),
    { connections: { all: [connection], mask: (text) => text, issueTexts } },
  );
  gitlab.open({ title: 'For links' });
  const acts = actsOf(world, gitlab);
  return {
    ...world,
    ...acts,
    gitlab,
    stop: async () => {
      await world.server.stop();
      await gitlab.stop();
    },
  };
}

function actsOf(
  world: ChangeWorld,
  gitlab: GitlabServer,
): Pick<TrackerWorld, 'turn' | 'hook' | 'told' | 'linkTo'> {
  const { server } = world;
  const turn = async () => {
    await noteIssues(server.context);
    await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
    await deliverDue(server.context);
    for (const { connection, direction } of queuesOf(server.context))
      await carry(server.context, connection, direction);
  };
  const hook: TrackerWorld['hook'] = ({ headers, body }) =>
    fetch(`${server.url}/api/v1/hooks/gitlab`, { method: 'POST', headers, body });
  const told: TrackerWorld['told'] = async (kind, iid) => {
    const { status } = await hook(gitlab.webhook(kind, iid));
    if (status !== 200) throw new Error(`expected the webhook to be heard, got \`${status}\``);
    await turn();
  };
  const linkTo: TrackerWorld['linkTo'] = async ({ token }, author) => {
    const path = '/api/v1/account-links';
    const asked = await server.ask('POST', path, { token, body: { connection: 'gitlab' } });
    gitlab.comment(1, author, expectStatus(asked, 201).body.say);
    await told('note', 1);
    expectStatus(await server.ask('POST', `${path}/${asked.body.id}/confirm`, { token }), 200);
  };
  return { turn, hook, told, linkTo };
}
