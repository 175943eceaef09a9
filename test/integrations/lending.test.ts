import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/app/ports/connection.ts';
import type { Lending, Lent } from '../../src/app/ports/lending.ts';
import { githubConnection } from '../../src/integrations/github/github.ts';
import { gitlabConnection } from '../../src/integrations/gitlab/gitlab.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import type { Authority } from '../kit/authority.ts';
import { REPOSITORY, startGithub } from '../kit/github-server.ts';
import { PROJECT, startGitlab } from '../kit/gitlab-server.ts';
import type { Peer } from '../kit/peer.ts';
import { clientOf } from '../kit/posting-world.ts';
import { CHANNEL, startSlack } from '../kit/slack-server.ts';

interface Case {
  readonly peer: Peer & { readonly authority: Authority };
  readonly lending: Lending;
  readonly user: number | string;
  readonly account: string;
  /** Where a word goes. */
  readonly at: string | null;
  /** What the peer says of whom it took the last word of. */
  readonly author: (took: unknown) => unknown;
  readonly renews: boolean;
}

const lendingOf = ({ offers }: Pick<Connection, 'offers'>) => offers.lending!;
const NONE = { token: { env: 'NONE' } };
const token = new Secret('a-token-of-the-bot');
const cases: Record<string, Case> = {};
beforeAll(async () => {
  const [gitlab, github, slack] = await Promise.all([startGitlab(), startGithub(), startSlack()]);
  gitlab.open({});
  github.open({});
  const client = clientOf;
  cases['gitlab'] = {
    peer: gitlab,
    lending: lendingOf(
      gitlabConnection(
        { ...NONE, url: gitlab.url, project: PROJECT, confidential: true },
        { token, hooks: [], client: client('gitlab') },
      ),
    ),
    user: 11,
    account: '11',
    at: `${PROJECT}#1`,
    author: (took) => (took as { author: { id: number } }).author.id,
    renews: true,
  };
  cases['github'] = {
    peer: github,
    lending: lendingOf(
      githubConnection(
        { ...NONE, api: github.url, repository: REPOSITORY },
        { token, hooks: [], client: client('github') },
      ),
    ),
    user: 11,
    account: '11',
    at: `${REPOSITORY}#1`,
    author: (took) => (took as { user: { id: number } }).user.id,
    renews: false,
  };
  cases['slack'] = {
    peer: slack,
    lending: lendingOf(
      slackConnection(
        { ...NONE, channel: CHANNEL, api: `${slack.url}/api/` },
        { token, signing: [], app: null, client: client('slack') },
      ),
    ),
    user: 'U0CORA',
    account: 'T0TEAM/U0CORA',
    at: null,
    author: (took) => (took as { user: string }).user,
    renews: true,
  };
});
afterAll(() => Promise.all(Object.values(cases).map(({ peer }) => peer.stop())));

const { signal } = new AbortController();
const state = () => `ilf_${crypto.randomUUID()}`;
const take = (one: Case, at: string, more: object = {}) => {
  const query = new URLSearchParams(one.peer.authority.agree(one.lending.page(at), one.user, more));
  return { code: query.get('code') ?? '', state: query.get('state') ?? '' };
};
async function lent(one: Case): Promise<Lent> {
  const seen = await one.lending.take(take(one, state()), signal);
  if (seen.kind !== 'seen') throw new Error(seen.because);
  return seen.found;
}

describe.each(['gitlab', 'github', 'slack'])('what a person lends at %s', (name) => {
  const on = () => cases[name]!;

  it('is theirs by the peer’s word, posts once as them, and is given back', async () => {
    const one = on();
    const right = await lent(one);
    expect(right).toMatchObject({ account: one.account, shownAs: 'cora', scopes: one.lending.scopes });
    expect(one.peer.authority.given.filter((secret) => right.sealed.includes(secret))).toEqual([]);
    const word = { id: `own-word:${name}`, at: one.at, body: 'approve start 0123456789ab' };
    expect(await one.lending.post(right, word, signal)).toMatchObject({ kind: 'taken' });
    expect(String(one.author(one.peer.heard().at(-1)))).toBe(String(one.user));
    const heard = one.peer.heard().length;
    await one.lending.post(right, word, signal);
    // Slack shows what came twice once, by its own id; a tracker is asked before.
    expect(one.peer.heard().length).toBe(name === 'slack' ? heard + 1 : heard);
    expect(await one.lending.giveBack(right, signal)).toMatchObject({ kind: 'taken' });
    expect(await one.lending.post(right, { ...word, id: 'another' }, signal)).toMatchObject({
      kind: 'later',
      credential: 'refused',
    });
    expect(await one.lending.giveBack(right, signal)).toMatchObject({ kind: 'taken' });
  });

  it('is none for a code used before, of another way, or without what was asked for', async () => {
    const one = on();
    const given = take(one, state());
    expect(await one.lending.take(given, signal)).toMatchObject({ kind: 'seen' });
    expect(await one.lending.take(given, signal)).not.toMatchObject({ kind: 'seen' });
    if (name !== 'slack')
      expect(await one.lending.take({ ...take(one, state()), state: state() }, signal)).not.toMatchObject({
        kind: 'seen',
      });
    expect(await one.lending.take(take(one, state(), { scopes: ['read_user'] }), signal)).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining(one.lending.scopes.join(' ')),
    });
  });

  it('opens nothing for another account, and is renewed where it ends by itself', async () => {
    const one = on();
    const right = await lent(one);
    const word = { id: 'moved', at: one.at, body: 'a word' };
    expect(await one.lending.post({ ...right, account: '12' }, word, signal)).toMatchObject({
      credential: 'refused',
    });
    expect(right.until === null).toBe(!one.renews);
    if (!one.renews) return;
    const renewed = await one.lending.renew(right, signal);
    expect(renewed).toMatchObject({ kind: 'seen', found: { account: one.account } });
    // The former was good once.
    expect(await one.lending.renew(right, signal)).not.toMatchObject({ kind: 'seen' });
  });

  it('says nothing that is secret where the peer repeats what it got', async () => {
    const one = on();
    const right = await lent(one);
    const secrets = [...one.peer.authority.given, 'a-secret-of-the-client'];
    one.peer.behave('echoing');
    const said = [
      await one.lending.take({ state: state(), code: 'a-code' }, signal),
      await one.lending.post(right, { id: 'x', at: one.at, body: 'a word' }, signal),
      await one.lending.giveBack(right, signal),
    ];
    one.peer.behave('well');
    expect(secrets.filter((secret) => JSON.stringify(said).includes(secret))).toEqual([]);
  });
});
