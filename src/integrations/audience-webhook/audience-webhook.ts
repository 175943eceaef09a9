import { createHmac } from 'node:crypto';
import type { AudiencePlace, Connection } from '../../app/ports/connection.ts';
import { askPeer } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { keyOf } from '../signatures/schemes.ts';

/** A webhook of audiences' own, signed by Standard Webhooks as those that people register are. */
export function audienceWebhook(
  { name, url, audiences }: Pick<AudiencePlace, 'audiences'> & { name: string; url: string },
  signing: readonly Secret[],
): Connection {
  const { host } = new URL(url);
  return {
    name,
    peer: host,
    offers: {
      audience: {
        way: 'webhook',
        audiences,
        tell: async ({ id, body }, signal) => {
          const headers = signed(signing, { id, body });
          const sent = { url, method: 'POST', headers, text: body, signal } as const;
          const answer = await askPeer(sent);
          return answer.ok ? { kind: 'taken', receipt: `${host}: ${id}` } : answer.taken;
        },
      },
    },
    hears: null,
    // It can be asked for nothing but to take something: what counts is that there is somebody who answers, whatever they say to this.
    test: async (signal) => {
      const answer = await askPeer({ url, method: 'HEAD', signal });
      const answers = answer.ok || (answer.status !== null && answer.status >= 400 && answer.status < 500);
      return answers ? { kind: 'taken', receipt: `${host} answers` } : answer.taken;
    },
  };
}

/** By each secret: whoever hears it knows one of them, while one takes over from the other. */
function signed(signing: readonly Secret[], { id, body }: { readonly id: string; readonly body: string }) {
  const seconds = String(Math.floor(Date.now() / 1_000));
  const signatures = signing.map((secret) => {
    const by = createHmac('sha256', keyOf(secret.reveal())).update(`${id}.${seconds}.${body}`);
    return `v1,${by.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}
