import { createRestAPIClient, MastoHttpError } from 'masto';
import type { Connection, PublicWord, Taken } from '../../app/ports/connection.ts';
import type { MastodonSettings } from '../../contract/integrations/mastodon.ts';
import { lied, whyNot } from '../peer/ask.ts';
import { retryAfterMs } from '../peer/retry-after.ts';
import type { Secret } from '../peer/secret.ts';

/** The longest post that every server takes. */
const LONGEST = 500;

/** Public posts on a server that speaks Mastodon's API, with its own client. */
export function mastodonConnection(settings: MastodonSettings, token: Secret): Connection {
  const { host } = new URL(settings.url);
  // Made for each use: the client keeps the token where whoever looks at it sees it.
  const client = (signal: AbortSignal) =>
    createRestAPIClient({ url: settings.url, accessToken: token.reveal(), requestInit: { signal } });
  return {
    name: 'mastodon',
    peer: host,
    offers: {
      posts: {
        post: (word, signal) =>
          asked(host, signal, async () => {
            const posted = await client(signal).v1.statuses.create(
              { status: shortened(word), visibility: settings.visibility, language: settings.language },
              { requestInit: { headers: { 'Idempotency-Key': word.id } } },
            );
            return receiptOf(host, posted, 'a post with its id');
          }),
      },
    },
    hears: null,
    test: (signal) =>
      asked(host, signal, async () => {
        const account = await client(signal).v1.accounts.verifyCredentials();
        return typeof account?.acct === 'string'
          ? { kind: 'taken', receipt: `@${account.acct} on ${host}` }
          : lied(host, 'an account');
      }),
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

/** What its client throws, as whoever retries needs it. What the server wrote is not repeated. */
async function asked(host: string, signal: AbortSignal, ask: () => Promise<Taken>): Promise<Taken> {
  try {
    return await ask();
  } catch (error) {
    const answer = error instanceof Error && error.cause instanceof Response ? error.cause : null;
    const status = error instanceof MastoHttpError ? error.statusCode : (answer?.status ?? null);
    if (status !== null)
      return whyNot(status, host, restOf(answer)) ?? lied(host, 'an answer that can be read');
    const got = signal.aborted ? 'none in time' : 'none that can be read';
    return { kind: 'later', because: `expected an answer of \`${host}\`, got ${got}`, retryAfterMs: null };
  }
}

/** Mastodon says when its limit begins anew, in a header of its own. */
function restOf(answer: Response | null): number | null {
  const said = answer?.headers.get('retry-after') ?? answer?.headers.get('x-ratelimit-reset') ?? undefined;
  return retryAfterMs(said, Date.now());
}
