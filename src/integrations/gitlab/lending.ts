import type { Lending } from '../../app/ports/lending.ts';
import { askPeer } from '../peer/ask.ts';
import { askForTokens, lendingOf, type Client } from '../peer/lending.ts';
import { commentAs } from '../tracker/own-comment.ts';
import { askRest, type Rest } from '../tracker/rest.ts';
import { noteOf, user } from './api.ts';

/** Comments in one project's issues as people who said yes at GitLab. It has no scope that is less than `api` for a comment. */
export function gitlabLending(
  url: string,
  client: Client,
  pathOf: (issue: string) => string | null,
): Lending {
  const as = (access: string): Rest => ({
    api: `${url}/api/v4`,
    headers: () => ({ authorization: `Bearer ${access}` }),
  });
  return lendingOf(client, {
    page: `${url}/oauth/authorize`,
    scopeField: 'scope',
    scopes: ['api'],
    pkce: true,
    grant: (fields, signal) =>
      askForTokens(`${url}/oauth/token`, client, { redirect_uri: client.redirect, ...fields }, signal),
    who: async (access, signal) => {
      const seen = await askRest(as(access), user, { path: '/user', signal });
      if (seen.kind !== 'seen') return seen;
      const { id, username: shownAs } = seen.found;
      return { kind: 'seen', found: { account: String(id), shownAs } };
    },
    giveBack: async (token, signal) => {
      const form = { token, client_id: client.id, client_secret: client.secret.reveal() };
      const asked = await askPeer({ url: `${url}/oauth/revoke`, method: 'POST', form, signal });
      return asked.ok ? { kind: 'taken', receipt: null } : asked.taken;
    },
    post: async (access, account, word, signal) => {
      const path = pathOf(word.at ?? '');
      if (path === null) return { kind: 'refused', because: 'expected an issue of the project, got another' };
      const notes = `${path}/notes`;
      return commentAs(
        {
          rest: as(access),
          shape: noteOf,
          path: notes,
          newest: `${notes}?sort=desc&order_by=created_at`,
          authorOf: ({ author }) => author.id,
        },
        account,
        word,
        signal,
      );
    },
  });
}
