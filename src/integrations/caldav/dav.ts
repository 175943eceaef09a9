import { DAVNamespace, davRequest, getDAVAttribute, propfind, type DAVResponse } from 'tsdav';
import type { Taken } from '../../app/ports/connection.ts';
import type { CaldavSettings } from '../../contract/integrations/caldav.ts';
import { boundedFetch } from '../outbound/bounded-fetch.ts';
import { lied, whyNot } from '../peer/ask.ts';
import { retryAfterMs } from '../peer/retry-after.ts';
import type { Secret } from '../peer/secret.ts';

export type No = Exclude<Taken, { kind: 'taken' }>;

/** The server did not do what it was asked for. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  readonly taken: No;

  constructor(taken: No) {
    super(taken.because);
    this.taken = taken;
  }
}

/** A collection, and how it is asked. */
export interface Place {
  /** Ends with a slash. */
  readonly url: string;
  readonly host: string;
  /** For the client library: no redirects, no more than so many bytes, and not for longer than an attempt. */
  readonly asking: (signal: AbortSignal) => {
    readonly fetch: typeof fetch;
    readonly headers: Record<string, string>;
  };
}

/** An answer is parsed whole while others wait. */
const MAX_BYTES = 524_288;
/** What a request with a condition may be answered beside a good status: it is not there, or it is another than was known. */
const CONDITIONS = [404, 412];

export function placeOf({ url: given, user }: CaldavSettings, password: Secret): Place {
  const url = given.endsWith('/') ? given : `${given}/`;
  const { host } = new URL(url);
  return {
    url,
    host,
    asking: (signal) => ({
      fetch: (input, init) => ask({ host, signal }, input, init),
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}` },
    }),
  };
}

/** As the client library asks; what is no answer to go on with is thrown. @throws {NotTaken} {OutboundError} */
async function ask(
  { host, signal }: { readonly host: string; readonly signal: AbortSignal },
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
): Promise<Response> {
  const answer = await boundedFetch(signal, MAX_BYTES)(input, init);
  const rest = retryAfterMs(answer.headers.get('retry-after') ?? undefined, Date.now());
  const no = whyNot(answer.status, host, rest);
  if (no !== null && !CONDITIONS.includes(answer.status)) throw new NotTaken(no);
  return answer;
}

/** The tags of objects of these names. The library's own way to ask throws where one of them is gone. */
export function multiGet(
  { url, asking }: Place,
  names: readonly string[],
  signal: AbortSignal,
): Promise<DAVResponse[]> {
  const { fetch, headers } = asking(signal);
  return davRequest({
    url,
    fetch,
    init: {
      method: 'REPORT',
      namespace: 'c',
      headers: { ...headers, depth: '1' },
      body: {
        'calendar-multiget': {
          _attributes: getDAVAttribute([DAVNamespace.DAV, DAVNamespace.CALDAV]),
          'd:prop': { 'd:getetag': {} },
          'd:href': names.map((name) => new URL(name, url).pathname),
        },
      },
    },
  });
}

/** What the server says of the collection itself: that it is a calendar that we may write to. */
export async function testPlace({ url, host, asking }: Place, signal: AbortSignal): Promise<Taken> {
  const [found] = await propfind({
    ...asking(signal),
    url,
    depth: '0',
    props: { 'd:resourcetype': {}, 'd:displayname': {}, 'd:current-user-privilege-set': {} },
  });
  if (found?.status === 404)
    return { kind: 'refused', because: `expected a calendar at \`${host}\`, got none` };
  if (!isCalendar(found)) return lied(host, 'a calendar');
  const name: unknown = found?.props?.['displayname'];
  const may = JSON.stringify(found?.props?.['currentUserPrivilegeSet'] ?? null);
  if (may !== 'null' && !/"(?:all|write|bind|writeContent)"/.test(may))
    return {
      kind: 'later',
      because: `expected to be let write to the calendar at \`${host}\``,
      retryAfterMs: null,
    };
  return {
    kind: 'taken',
    receipt: `${typeof name === 'string' ? `calendar ${name}` : 'a calendar'} on ${host}`,
  };
}

function isCalendar(found: DAVResponse | undefined): boolean {
  const type: unknown = found?.props?.['resourcetype'];
  return typeof type === 'object' && type !== null && 'calendar' in type;
}
