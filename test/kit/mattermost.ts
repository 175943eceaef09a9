import { httpPeer, type Peer, type PeerRequest } from './peer.ts';

/** The secret part of the webhook's address, as a path. */
export const hookPath = (secret: string) => `/hooks/${encodeURIComponent(secret)}`;

/**
 * Incoming webhooks as Mattermost documents them (developers.mattermost.com, "Incoming webhooks"): JSON with `text` is answered `ok` in
 * plain words; what it does not take by 400, with the error as JSON.
 */
export function startMattermost(): Promise<Peer> {
  return httpPeer(({ method, path, body }: PeerRequest) => {
    if (method === 'GET' && path === '/api/v4/system/ping') return { status: 200, json: { status: 'OK' } };
    if (method !== 'POST' || !path.startsWith('/hooks/')) return { status: 404, json: { status_code: 404 } };
    const { text } = JSON.parse(body.toString()) as { readonly text?: string };
    return text ? { status: 200, text: 'ok', took: text } : { status: 400, json: { status_code: 400 } };
  });
}
