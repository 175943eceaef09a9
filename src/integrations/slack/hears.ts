import type { Hears, RawRequest, Received } from '../../app/ports/connection.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { slackSigned } from '../signatures/schemes.ts';
import { heardOf } from './payload.ts';

/** Requests of Slack: signed over their bytes, within five minutes. Commands come as form fields, all else as JSON in one of them. */
export function slackHears(signing: readonly Secret[]): Hears {
  return (request) => {
    const secrets = signing.map((one) => one.reveal());
    return slackSigned(request, secrets) ? read(request) : { kind: 'unverified' };
  };
}

function read({ headers, body, receivedAtMs }: RawRequest): Received {
  if (headers['content-type']?.startsWith('application/json') === true) {
    // The handshake for an address that hears events; none is asked for.
    const { challenge } = (jsonOf(body) ?? {}) as { readonly challenge?: unknown };
    if (typeof challenge === 'string' && challenge.length <= 200)
      return { kind: 'answered', contentType: 'text/plain; charset=utf-8', body: challenge };
    return heardOf(body, null, receivedAtMs);
  }
  return heardOf(body, toldIn(body), receivedAtMs);
}

/** `null` where it is no text, or a field stands twice: of two readers one takes the first and one the last. */
function toldIn(body: Uint8Array): unknown {
  const fields = fieldsOf(body);
  if (fields === null || new Set(fields.keys()).size < fields.size) return null;
  const payload = fields.get('payload');
  return payload === null ? Object.fromEntries(fields) : jsonOf(new TextEncoder().encode(payload));
}

function fieldsOf(body: Uint8Array): URLSearchParams | null {
  try {
    return new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
