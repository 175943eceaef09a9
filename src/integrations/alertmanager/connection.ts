import { z } from 'zod';
import type { Connection, SilenceWanted, Taken } from '../../app/ports/connection.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';

const NAME = 'alertmanager';

const status = z.object({ versionInfo: z.object({ version: z.string() }) });
const held = z.object({ id: z.string(), comment: z.string(), status: z.object({ state: z.string() }) });
const made = z.object({ silenceID: z.string().min(1) });

interface Asking {
  readonly base: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Silences in Alertmanager, by its API v2. The address may hold a name and a password; they go into a header, and nowhere else. */
export function alertmanagerConnection(address: string): Connection {
  const url = new URL(address);
  const { username, password, host } = url;
  url.username = '';
  url.password = '';
  const base = url.href.replace(/\/+$/, '');
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  // Kept in a closure: whoever looks at the connection does not see it.
  const asking = (signal: AbortSignal): Asking => ({
    base,
    host,
    headers: username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    signal,
  });
  return {
    name: NAME,
    peer: host,
    offers: {
      silences: {
        silence: (wanted, signal) => silence(wanted, asking(signal)),
        expire: (id, signal) => expire(id, asking(signal)),
      },
    },
    hears: null,
    test: async (signal) => {
      const { headers } = asking(signal);
      const answer = await askPeer({ url: `${base}/api/v2/status`, method: 'GET', headers, signal });
      if (!answer.ok) return answer.taken;
      const read = status.safeParse(jsonOf(answer.body));
      return read.success
        ? { kind: 'taken', receipt: `Alertmanager ${read.data.versionInfo.version}` }
        : lied(host, 'the status of Alertmanager');
    },
  };
}

/**
 * Makes a silence, or sets the end of one that is known. Alertmanager has no key for what is sent twice: the silence's own stands in its comment,
 * and one that stands there already is taken for it.
 */
async function silence(wanted: SilenceWanted, asking: Asking): Promise<Taken> {
  const { base, host, headers, signal } = asking;
  const mark = `[${wanted.id}]`;
  const there = await askPeer({ url: `${base}/api/v2/silences`, method: 'GET', headers, signal });
  if (!there.ok) return there.taken;
  const all = z.array(held).safeParse(jsonOf(there.body));
  if (!all.success) return lied(host, 'a list of silences');
  const known = all.data.find((one) => one.comment.endsWith(mark) && one.status.state !== 'expired');
  if (known) return { kind: 'taken', receipt: known.id };
  const before = all.data.find(({ id, status: { state } }) => id === wanted.known && state !== 'expired');
  const answer = await askPeer({
    url: `${base}/api/v2/silences`,
    method: 'POST',
    headers,
    signal,
    json: {
      ...(before && { id: before.id }),
      matchers: Object.entries(wanted.matchers).map(([name, value]) => ({
        name,
        value,
        isRegex: false,
        isEqual: true,
      })),
      startsAt: new Date(wanted.from).toISOString(),
      endsAt: new Date(wanted.to).toISOString(),
      createdBy: wanted.by,
      comment: `${wanted.comment} ${mark}`,
    },
  });
  if (!answer.ok) return answer.taken;
  const read = made.safeParse(jsonOf(answer.body));
  return read.success ? { kind: 'taken', receipt: read.data.silenceID } : lied(host, 'the id of a silence');
}

/**
 * Ends a silence. One that has ended, or that nobody knows any more, hides nothing: that is what was wanted. What a peer says to the asking is
 * no proof of that: it has ended where the list says so.
 */
async function expire(id: string, asking: Asking): Promise<Taken> {
  const { base, headers, signal } = asking;
  const before = await stands(id, asking);
  if (before !== true) return before === false ? { kind: 'taken', receipt: id } : before;
  const url = `${base}/api/v2/silence/${encodeURIComponent(id)}`;
  const answer = await askPeer({ url, method: 'DELETE', headers, signal });
  if (!answer.ok) return answer.taken;
  const after = await stands(id, asking);
  if (after !== true) return after === false ? { kind: 'taken', receipt: id } : after;
  const because = `expected \`${asking.host}\` to end the silence, got a yes, and it still stands`;
  return { kind: 'later', because, retryAfterMs: null };
}

async function stands(
  id: string,
  { base, host, headers, signal }: Asking,
): Promise<boolean | Exclude<Taken, { kind: 'taken' }>> {
  const there = await askPeer({ url: `${base}/api/v2/silences`, method: 'GET', headers, signal });
  if (!there.ok) return there.taken;
  const all = z.array(held).safeParse(jsonOf(there.body));
  if (!all.success) return lied(host, 'a list of silences');
  return all.data.some((one) => one.id === id && one.status.state !== 'expired');
}
