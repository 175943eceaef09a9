import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Lending, Lent, LentRight, OwnWord } from '../../app/ports/lending.ts';
import type { Seen, Taken } from '../../app/ports/taken.ts';
import { askPeer, jsonOf, lied } from './ask.ts';
import { seal, unseal } from './sealed.ts';
import type { Secret } from './secret.ts';

/** An OAuth client of ours at a peer. */
export interface Client {
  /** As the peer knows it. */
  readonly id: string;
  readonly secret: Secret;
  /** Where the peer sends the browser back to: one address a peer, so that a code of one is never taken for another's. */
  readonly redirect: string;
}

/** What a peer gave for a code, or to renew what it gave. */
export interface Granted {
  readonly access: string;
  readonly refresh: string | null;
  readonly scopes: readonly string[];
  /** `null` where it does not end by itself. */
  readonly seconds: number | null;
}

type Fields = Readonly<Record<string, string>>;

/** What differs from peer to peer. */
export interface Authority {
  /** The page where a person says yes. */
  readonly page: string;
  /** The field that names the scopes there. */
  readonly scopeField: 'scope' | 'user_scope';
  readonly scopes: readonly string[];
  /** Whether it knows PKCE (RFC 7636). */
  readonly pkce: boolean;
  grant(fields: Fields, signal: AbortSignal): Promise<Seen<Granted>>;
  who(access: string, signal: AbortSignal): Promise<Seen<{ account: string; shownAs: string }>>;
  giveBack(access: string, signal: AbortSignal): Promise<Taken>;
  post(access: string, as: string, word: OwnWord, signal: AbortSignal): Promise<Taken>;
}

const sealedShape = z.object({ access: z.string(), refresh: z.string().nullable(), account: z.string() });
type Tokens = z.output<typeof sealedShape>;

/** The authorization code grant with a client of ours. Tokens leave this file sealed, or in a request to the peer that gave them. */
export function lendingOf(client: Client, authority: Authority): Lending {
  const proof = (state: string) =>
    // Nobody who sees `state` on its way knows it, and nothing of it has to be kept.
    createHmac('sha256', client.secret.reveal()).update(`pkce ${state}`).digest('base64url');
  return {
    scopes: authority.scopes,
    page: (state) => pageOf(client, authority, state, proof(state)),
    take: async ({ state, code }, signal) => {
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: client.redirect,
        ...(authority.pkce && { code_verifier: proof(state) }),
      };
      const granted = await authority.grant(fields, signal);
      return granted.kind === 'seen' ? lent(client, authority, granted.found, signal) : granted;
    },
    renew: (right, signal) => renew(client, authority, right, signal),
    giveBack: async (right, signal) => {
      const tokens = opened(client, right);
      // Nobody can use what nobody can open.
      return tokens ? authority.giveBack(tokens.access, signal) : { kind: 'taken', receipt: null };
    },
    post: async (right, word, signal) => {
      const tokens = opened(client, right);
      return tokens ? authority.post(tokens.access, right.account, word, signal) : LOST;
    },
  };
}

function pageOf(client: Client, authority: Authority, state: string, verifier: string): string {
  const url = new URL(authority.page);
  const query = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirect,
    [authority.scopeField]: authority.scopes.join(' '),
    state,
    ...(authority.pkce && {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** Whose right it is says the peer, asked with it; one that is not what was asked for is given back at once. */
async function lent(
  client: Client,
  authority: Authority,
  granted: Granted,
  signal: AbortSignal,
): Promise<Seen<Lent>> {
  const missing = authority.scopes.filter((scope) => !granted.scopes.includes(scope));
  if (missing.length > 0) {
    await authority.giveBack(granted.access, signal);
    return {
      kind: 'refused',
      because: `expected the right \`${missing.join(' ')}\`, got it without: say yes to all that is asked for`,
    };
  }
  const who = await authority.who(granted.access, signal);
  return who.kind === 'seen' ? { kind: 'seen', found: sealedAs(client, granted, who.found) } : who;
}

async function renew(
  client: Client,
  authority: Authority,
  right: LentRight,
  signal: AbortSignal,
): Promise<Seen<Lent>> {
  const tokens = opened(client, right);
  if (!tokens || tokens.refresh === null) return LOST;
  const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh };
  const granted = await authority.grant(fields, signal);
  if (granted.kind !== 'seen') return granted;
  // A peer that does not rotate goes on with the one that it gave. Whose it is stays: were it asked now and said nothing, what it gave
  // in place of the former would be lost.
  const found = { ...granted.found, refresh: granted.found.refresh ?? tokens.refresh };
  return { kind: 'seen', found: sealedAs(client, found, { account: right.account, shownAs: '' }) };
}

function sealedAs(
  { secret }: Client,
  { access, refresh, scopes, seconds }: Granted,
  { account, shownAs }: { readonly account: string; readonly shownAs: string },
): Lent {
  const tokens: Tokens = { access, refresh, account };
  const until = seconds === null ? null : Date.now() + seconds * 1_000;
  return { account, shownAs, scopes, sealed: seal(secret.reveal(), JSON.stringify(tokens)), until };
}

const LOST: Extract<Taken, { kind: 'later' }> = {
  kind: 'later',
  because: 'expected a right to post that can be used, got one that cannot',
  retryAfterMs: null,
  credential: 'refused',
};

/** INVARIANT: what was lent for one account opens nothing for another, whoever moved it in the database. */
function opened({ secret }: Client, { sealed, account }: LentRight): Tokens | null {
  const text = unseal([secret.reveal()], sealed);
  const read = text === null ? null : sealedShape.safeParse(JSON.parse(text));
  return read?.success === true && read.data.account === account ? read.data : null;
}

const answered = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  scope: z.string().default(''),
  expires_in: z.number().positive().nullish(),
});

/** Asks a token endpoint as RFC 6749 has it. A no of it is one for good: a code and a right are good once. */
export async function askForTokens(
  endpoint: string,
  { id, secret }: Client,
  fields: Fields,
  signal: AbortSignal,
): Promise<Seen<Granted>> {
  const form = { ...fields, client_id: id, client_secret: secret.reveal() };
  const headers = { accept: 'application/json' };
  const asked = await askPeer({ url: endpoint, method: 'POST', headers, form, signal });
  const { host } = new URL(endpoint);
  if (!asked.ok) return [400, 401, 403].includes(asked.status ?? 0) ? notTaken(host) : asked.taken;
  const json = jsonOf(asked.body);
  const read = answered.safeParse(json);
  if (!read.success)
    return z.object({ error: z.string() }).safeParse(json).success ? notTaken(host) : lied(host, 'a token');
  const { access_token: access, refresh_token: refresh, scope, expires_in: seconds } = read.data;
  return {
    kind: 'seen',
    found: {
      access,
      refresh: refresh ?? null,
      scopes: scope.split(/[ ,]+/).filter(Boolean),
      seconds: seconds ?? null,
    },
  };
}

function notTaken(host: string): Extract<Taken, { kind: 'later' }> {
  return {
    kind: 'later',
    because: `expected \`${host}\` to take what it gave, got a no`,
    retryAfterMs: null,
    credential: 'refused',
  };
}
