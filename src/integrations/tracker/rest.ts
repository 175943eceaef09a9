import { z } from 'zod';
import type { Seen } from '../../app/ports/connection.ts';
import type { Looking } from '../../app/ports/on-call.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';

/** The REST API of a tracker, and as whom it is asked. */
export interface Rest {
  /** `https://gitlab.com/api/v4`. */
  readonly api: string;
  /** With the credential in it: made for each request, and kept nowhere. */
  readonly headers: () => Readonly<Record<string, string>>;
}

/** Until when it is waited for, and where what was answered is kept as evidence. */
type Listening = Pick<Looking, 'signal'> & { readonly note?: Looking['note'] | undefined };

const PER_PAGE = 100;
/** More of one thing is not read: what is left out is older. */
const MOST_PAGES = 10;

/** Asks for something of a known shape. */
export async function askRest<T>(
  { api, headers }: Rest,
  answer: z.ZodType<T>,
  {
    method = 'GET',
    path,
    json,
    signal,
    note,
  }: {
    readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly json?: unknown;
  } & Listening,
): Promise<Seen<T>> {
  const url = `${api}${path}`;
  const asked = await askPeer({
    url,
    method,
    headers: headers(),
    signal,
    note,
    ...(json !== undefined && { json }),
  });
  if (!asked.ok) return asked.taken;
  const read = answer.safeParse(jsonOf(asked.body));
  return read.success ? { kind: 'seen', found: read.data } : lied(new URL(api).host, 'what its API says');
}

/** Every page of a list, as long as `goesOn`. */
export async function askPages<T>(
  rest: Rest,
  item: z.ZodType<T>,
  {
    path,
    signal,
    note,
    goesOn = () => true,
    whole = false,
  }: {
    readonly path: string;
    readonly goesOn?: (last: T) => boolean;
    /** Whether a part of the list is worth nothing: what is not in it counts as gone. */
    readonly whole?: boolean;
  } & Listening,
): Promise<Seen<readonly T[]>> {
  const all: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const paged = `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`;
    const seen = await askRest(rest, z.array(item), { path: paged, signal, note });
    if (seen.kind !== 'seen') return seen;
    all.push(...seen.found);
    const last = seen.found.at(-1);
    if (seen.found.length < PER_PAGE || last === undefined || !goesOn(last))
      return { kind: 'seen', found: all };
  }
  if (whole) {
    const because = `expected at most ${MOST_PAGES * PER_PAGE} of \`${new URL(rest.api).host}\`, got more`;
    return { kind: 'later', because, retryAfterMs: null };
  }
  return { kind: 'seen', found: all };
}
