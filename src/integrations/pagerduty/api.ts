import { z } from 'zod';
import type { Seen } from '../../app/ports/connection.ts';
import type { Looking } from '../../app/ports/on-call.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

// PagerDuty's REST API v2 as its OpenAPI document says it (github.com/PagerDuty/api-schema, reference/REST/openapiv3.json):
// `Authorization: Token token=…`, lists with `limit`, `offset` and `more`, 429 with `ratelimit-reset`.

/** Where it is asked, and with what. */
export interface Api {
  readonly base: string;
  readonly host: string;
  readonly token: Secret;
}

const PER_PAGE = 100;
/** What is longer is not read in parts: it is no answer. */
const MOST_PAGES = 10;

const page = z.looseObject({ more: z.boolean(), offset: z.number(), limit: z.number() });

export const reference = z.object({ id: z.string().max(60), summary: z.string().nullish() });
export const oncall = z.object({
  user: reference.extend({ email: z.string().max(320).nullish(), type: z.string().nullish() }),
  schedule: reference.nullable(),
  start: z.string().nullable(),
  end: z.string().nullable(),
});
export const override = z.object({ start: z.string(), end: z.string(), user: reference });
export const incident = z.object({
  id: z.string().max(60),
  incident_number: z.number().nullish(),
  title: z.string().nullish(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  urgency: z.enum(['high', 'low']),
  service: reference.nullish(),
  priority: z.object({ summary: z.string().nullish(), name: z.string().nullish() }).nullish(),
});
export type Incident = z.infer<typeof incident>;
export const oneIncident = z.object({ incident });
/** What a webhook subscription (v3) sends. */
export const told = z.object({ event: z.object({ id: z.string().min(1), event_type: z.string() }) });

/** Asks for something of a known shape. */
export async function askPagerduty<T>(
  { base, host, token }: Api,
  shape: z.ZodType<T>,
  path: string,
  { signal, note }: Partial<Pick<Looking, 'note'>> & Pick<Looking, 'signal'>,
): Promise<Seen<T>> {
  const answer = await askPeer({
    url: `${base}${path}`,
    method: 'GET',
    headers: {
      authorization: `Token token=${token.reveal()}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    },
    signal,
    note,
  });
  if (!answer.ok) return answer.taken;
  const read = shape.safeParse(jsonOf(answer.body));
  return read.success ? { kind: 'seen', found: read.data } : notIt(host);
}

/** All of a list, or none of it. */
export async function askAll<T>(
  api: Api,
  { list, item, path }: { readonly list: string; readonly item: z.ZodType<T>; readonly path: string },
  looking: Looking,
): Promise<Seen<readonly T[]>> {
  const items = z.array(item);
  const all: T[] = [];
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const offset = count * PER_PAGE;
    const paged = `${path}${path.includes('?') ? '&' : '?'}limit=${PER_PAGE}&offset=${offset}`;
    const seen = await askPagerduty(api, page, paged, looking);
    if (seen.kind !== 'seen') return seen;
    const read = items.safeParse(seen.found[list]);
    // A page of another place is not what was asked for.
    if (!read.success || seen.found.offset !== offset) return notIt(api.host);
    all.push(...read.data);
    if (!seen.found.more) return { kind: 'seen', found: all };
  }
  const because = `expected at most ${MOST_PAGES * PER_PAGE} of \`${list}\` from \`${api.host}\`, got more`;
  return { kind: 'later', because, retryAfterMs: null };
}

function notIt(host: string) {
  return lied(host, 'what its REST API says');
}
