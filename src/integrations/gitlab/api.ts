import { z } from 'zod';
import type { Seen, Taken } from '../../app/ports/connection.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

/** Where GitLab's REST API is, and as whom it is asked. */
export interface Gitlab {
  /** `https://gitlab.com/api/v4`. */
  readonly api: string;
  readonly token: Secret;
}

export type No = Exclude<Taken, { kind: 'taken' }>;

const PER_PAGE = 100;
/** More of one thing is not read: what is left out is older. */
const MOST_PAGES = 10;

/** Asks GitLab for something of a known shape. */
export async function askGitlab<T>(
  { api, token }: Gitlab,
  answer: z.ZodType<T>,
  {
    method = 'GET',
    path,
    json,
    signal,
  }: {
    readonly method?: 'GET' | 'POST' | 'PUT';
    readonly path: string;
    readonly json?: unknown;
    readonly signal: AbortSignal;
  },
): Promise<Seen<T>> {
  const headers = { 'private-token': token.reveal(), accept: 'application/json' };
  const url = `${api}${path}`;
  const asked = await askPeer({ url, method, headers, signal, ...(json !== undefined && { json }) });
  if (!asked.ok) return asked.taken;
  const read = answer.safeParse(jsonOf(asked.body));
  return read.success
    ? { kind: 'seen', found: read.data }
    : (lied(new URL(api).host, 'what its API says') as No);
}

/** Every page of a list, as long as `goesOn`. */
export async function askPages<T>(
  gitlab: Gitlab,
  item: z.ZodType<T>,
  {
    path,
    signal,
    goesOn = () => true,
  }: {
    readonly path: string;
    readonly signal: AbortSignal;
    readonly goesOn?: (last: T) => boolean;
  },
): Promise<Seen<readonly T[]>> {
  const all: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const paged = `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`;
    const seen = await askGitlab(gitlab, z.array(item), { path: paged, signal });
    if (seen.kind !== 'seen') return seen;
    all.push(...seen.found);
    const last = seen.found.at(-1);
    if (seen.found.length < PER_PAGE || last === undefined || !goesOn(last)) break;
  }
  return { kind: 'seen', found: all };
}

const account = z.object({ id: z.int(), username: z.string() });

export const user = account.extend({ bot: z.boolean().optional() });

export const issue = z.object({
  iid: z.int(),
  title: z.string(),
  description: z.string().nullable(),
  labels: z.array(z.string()),
  due_date: z.string().nullable(),
  state: z.enum(['opened', 'closed']),
  author: account,
});
export type Issue = z.output<typeof issue>;

export const noteOf = z.object({
  id: z.int(),
  body: z.string(),
  author: account,
  system: z.boolean(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
});
