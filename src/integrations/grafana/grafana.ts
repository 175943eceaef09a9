import type { Annotation, Connection, Taken } from '../../app/ports/connection.ts';
import type { GrafanaSettings } from '../../contract/integrations/grafana.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

/** Marks of changes in the graphs of Grafana, by its HTTP API for annotations. */
export function grafanaConnection({ url }: GrafanaSettings, token: Secret): Connection {
  const base = url.replace(/\/+$/, '');
  const { host } = new URL(url);
  const headers = () => ({ authorization: `Bearer ${token.reveal()}`, accept: 'application/json' });
  return {
    name: 'grafana',
    peer: host,
    offers: {
      annotations: {
        annotate: (annotation, signal) => annotate(annotation, { base, host, headers: headers(), signal }),
      },
    },
    hears: null,
    test: async (signal) => {
      const answer = await askPeer({ url: `${base}/api/org`, method: 'GET', headers: headers(), signal });
      if (!answer.ok) return answer.taken;
      const { name } = (jsonOf(answer.body) ?? {}) as { readonly name?: unknown };
      return typeof name === 'string'
        ? { kind: 'taken', receipt: `organisation ${name} on ${host}` }
        : lied(host, 'an organisation');
    },
  };
}

interface Asking {
  readonly base: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Grafana knows no key for what is sent twice: the mark's own is a tag of it, and a mark that is there already is not made again. Between
 * looking and making nobody else makes this one: whoever carries it has its lease.
 */
async function annotate(annotation: Annotation, { base, host, headers, signal }: Asking): Promise<Taken> {
  const key = `interlock:${annotation.id}`;
  const known = await askPeer({
    url: `${base}/api/annotations?${new URLSearchParams({ tags: key, limit: '1' }).toString()}`,
    method: 'GET',
    headers,
    signal,
  });
  if (!known.ok) return known.taken;
  const marks = jsonOf(known.body);
  if (!Array.isArray(marks)) return lied(host, 'a list of annotations');
  const [first] = marks as { readonly id?: unknown }[];
  if (first !== undefined) return receiptOf(host, first.id);
  const made = await askPeer({
    url: `${base}/api/annotations`,
    method: 'POST',
    headers,
    signal,
    json: { time: annotation.at, text: annotation.text, tags: ['interlock', ...annotation.tags, key] },
  });
  if (!made.ok) return made.taken;
  return receiptOf(host, (jsonOf(made.body) as { readonly id?: unknown } | null)?.id);
}

function receiptOf(host: string, id: unknown): Taken {
  return typeof id === 'number' || (typeof id === 'string' && id !== '')
    ? { kind: 'taken', receipt: String(id) }
    : lied(host, 'the id of an annotation');
}
