import type { z } from 'zod';
import type { Lending } from '../../app/ports/lending.ts';
import { askPeer } from '../peer/ask.ts';
import { askForTokens, lendingOf, type Client } from '../peer/lending.ts';
import { commentAs, type Comments } from '../tracker/own-comment.ts';
import { askRest, type Rest } from '../tracker/rest.ts';
import { account as accountShape, comment } from './api.ts';

const ACCEPT = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/**
 * Comments in one repository's issues as people who said yes at GitHub to an OAuth app: what a GitHub App writes for somebody is marked
 * as a program's, and counts for nothing.
 */
export function githubLending(
  api: string,
  client: Client,
  pathOf: (issue: string) => string | null,
): Lending {
  const web = webOf(api);
  const as = (access: string): Rest => ({
    api,
    headers: () => ({ ...ACCEPT, authorization: `Bearer ${access}`, 'user-agent': 'interlock' }),
  });
  return lendingOf(client, {
    page: `${web}/login/oauth/authorize`,
    scopeField: 'scope',
    scopes: ['repo'],
    pkce: true,
    grant: (fields, signal) => askForTokens(`${web}/login/oauth/access_token`, client, fields, signal),
    who: async (access, signal) => {
      const seen = await askRest(as(access), accountShape, { path: '/user', signal });
      if (seen.kind !== 'seen') return seen;
      const { id, login, type } = seen.found;
      if (type !== 'User')
        return { kind: 'refused', because: 'expected the account of a person, got a program’s' };
      return { kind: 'seen', found: { account: String(id), shownAs: login } };
    },
    giveBack: async (access, signal) => {
      const ours = Buffer.from(`${client.id}:${client.secret.reveal()}`).toString('base64');
      const headers = { ...ACCEPT, authorization: `Basic ${ours}` };
      const url = `${api}/applications/${encodeURIComponent(client.id)}/token`;
      const asked = await askPeer({ url, method: 'DELETE', headers, json: { access_token: access }, signal });
      // What it knows no more is given back.
      const isGone = asked.ok || asked.status === 404 || asked.status === 422;
      return isGone ? { kind: 'taken', receipt: null } : asked.taken;
    },
    post: async (access, account, word, signal) => {
      const path = pathOf(word.at ?? '');
      if (path === null)
        return { kind: 'refused', because: 'expected an issue of the repository, got another' };
      return commentAs(commentsOf(as(access), path), account, word, signal);
    },
  });
}

function commentsOf(rest: Rest, issue: string): Comments<z.output<typeof comment>> {
  // Of the last hour: a word that is older is not posted again.
  const since = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
  return {
    rest,
    shape: comment,
    path: `${issue}/comments`,
    newest: `${issue}/comments?since=${since}`,
    authorOf: ({ user }) => user.id,
  };
}

/** Where its pages are: of a server of one's own the same host, of github.com another. */
export function webOf(api: string): string {
  const { origin, hostname } = new URL(api);
  return hostname === 'api.github.com' ? 'https://github.com' : origin;
}
