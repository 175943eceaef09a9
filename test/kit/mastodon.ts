import { httpPeer, type Peer, type PeerRequest } from './peer.ts';

/** A post as the server keeps it. */
export interface Post {
  readonly status: string;
  readonly visibility: string;
  readonly language: string;
  readonly key: string;
}

const HOUR_MS = 3_600_000;

/**
 * The part of Mastodon's API that posting needs (docs.joinmastodon.org, methods `statuses` and `accounts`): a bearer token, an
 * `Idempotency-Key` for which the same post is answered again within an hour, limits in `X-RateLimit-Reset`.
 */
export async function startMastodon(): Promise<Peer> {
  const posts = new Map<string, { readonly id: string; readonly at: number }>();
  const answer = ({ method, path, headers, body }: PeerRequest) => {
    if (!/^Bearer \S+$/.test(headers.authorization ?? ''))
      return { status: 401, json: { error: 'The access token is invalid' } };
    if (method === 'GET' && path.startsWith('/api/v1/accounts/verify_credentials'))
      return { status: 200, json: { id: '7', acct: 'status', username: 'status' } };
    if (method !== 'POST' || path !== '/api/v1/statuses')
      return { status: 404, json: { error: 'Record not found' } };
    const post = JSON.parse(body.toString()) as Post;
    if (Array.from(post.status).length > 500)
      return { status: 422, json: { error: 'Validation failed: Text character limit of 500 exceeded' } };
    const key = String(headers['idempotency-key'] ?? '');
    const known = posts.get(key);
    const id = known && Date.now() - known.at < HOUR_MS ? known.id : String(110_000_000 + posts.size);
    posts.set(key, { id, at: Date.now() });
    return { status: 200, json: { id, content: `<p>${post.status}</p>` }, took: { ...post, key } };
  };
  return httpPeer(answer);
}
