import type { Connection, PublicWord, Taken } from '../../app/ports/connection.ts';
import type { MastodonSettings } from '../../contract/integrations/mastodon.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

/** The longest post that every server takes. */
const LONGEST = 500;

/** Public posts on a server that speaks Mastodon's API (docs.joinmastodon.org, methods `statuses` and `accounts`). */
export function mastodonConnection(settings: MastodonSettings, token: Secret): Connection {
  const base = settings.url.replace(/\/+$/, '');
  const { host } = new URL(settings.url);
  const { visibility, language } = settings;
  const headers = () => ({ authorization: `Bearer ${token.reveal()}`, accept: 'application/json' });
  return {
    name: 'mastodon',
    peer: host,
    offers: {
      posts: {
        post: async (word, signal) => {
          const answer = await askPeer({
            url: `${base}/api/v1/statuses`,
            method: 'POST',
            headers: { ...headers(), 'idempotency-key': word.id },
            json: { status: shortened(word), visibility, language },
            signal,
          });
          return answer.ok ? receiptOf(host, jsonOf(answer.body), 'a post with its id') : answer.taken;
        },
      },
    },
    hears: null,
    test: async (signal) => {
      const url = `${base}/api/v1/accounts/verify_credentials`;
      const answer = await askPeer({ url, method: 'GET', headers: headers(), signal });
      if (!answer.ok) return answer.taken;
      const { acct } = (jsonOf(answer.body) ?? {}) as { readonly acct?: unknown };
      return typeof acct === 'string'
        ? { kind: 'taken', receipt: `@${acct} on ${host}` }
        : lied(host, 'an account');
    },
  };
}

/** By code points: half of one is none. */
function shortened({ body }: PublicWord): string {
  const points = Array.from(body);
  return points.length <= LONGEST ? body : `${points.slice(0, LONGEST - 1).join('')}…`;
}

function receiptOf(host: string, posted: unknown, expected: string): Taken {
  const id = (posted as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' && id !== '' ? { kind: 'taken', receipt: id } : lied(host, expected);
}
