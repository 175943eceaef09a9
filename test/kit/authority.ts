import { createHash } from 'node:crypto';
import type { PeerAnswer, PeerRequest } from './peer.ts';

/** The client of the product at a peer, as it was registered there. */
export const CLIENT = { id: 'interlock-client', secret: 'a-secret-of-the-client' };
export const redirectOf = (peer: string) => `https://interlock.example.com/accounts/return/${peer}`;

/** The part of a peer where people say yes to a client: authorization codes (RFC 6749), PKCE (RFC 7636), refresh tokens that rotate. */
export interface Authority {
  /** A person says yes on the page of an address: the query that the browser comes back with. */
  agree(page: string, user: number | string, more?: { readonly scopes?: readonly string[] }): string;
  /** The tokens of codes and of refresh tokens, or the error of RFC 6749. */
  tokens(fields: URLSearchParams): Tokens | { readonly error: string };
  /** Whose token it is, while it is good. */
  userOf(access: string): number | string | null;
  /** Its time is over: it has to be renewed. */
  expire(): void;
  /** Nothing of a person is good any more; also by a token alone. */
  revoke(what: number | string): void;
  /** Tokens that were given back. */
  readonly givenBack: string[];
  /** How many were renewed. */
  readonly renewals: () => number;
  /** Every secret that it gave: codes and tokens. */
  readonly given: string[];
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly scopes: readonly string[];
  readonly user: number | string;
}

interface Code {
  readonly user: number | string;
  readonly challenge: string | null;
  readonly scopes: readonly string[];
}

export function authority(peer: string): Authority {
  const codes = new Map<string, Code>();
  const access = new Map<string, Tokens & { good: boolean }>();
  const refresh = new Map<string, Tokens>();
  const givenBack: string[] = [];
  const given: string[] = [];
  let number = 0;
  let renewals = 0;
  const secret = (kind: string) => {
    const text = `${peer}-${kind}-${(number += 1)}-of-a-person`;
    given.push(text);
    return text;
  };
  const give = (user: number | string, scopes: readonly string[]): Tokens => {
    const tokens = { access: secret('access'), refresh: secret('refresh'), scopes, user };
    access.set(tokens.access, { ...tokens, good: true });
    refresh.set(tokens.refresh, tokens);
    return tokens;
  };
  return {
    agree: (page, user, more = {}) => {
      const { searchParams: query } = new URL(page);
      if (query.get('client_id') !== CLIENT.id || query.get('redirect_uri') !== redirectOf(peer))
        throw new Error('expected the client and the address that are registered');
      const asked = query.get('user_scope') ?? query.get('scope') ?? '';
      const code = secret('code');
      const challenge = query.get('code_challenge');
      codes.set(code, { user, challenge, scopes: more.scopes ?? asked.split(' ') });
      return new URLSearchParams({ code, state: query.get('state') ?? '' }).toString();
    },
    tokens: (fields) => {
      if (fields.get('client_id') !== CLIENT.id || fields.get('client_secret') !== CLIENT.secret)
        return { error: 'invalid_client' };
      if (fields.get('grant_type') === 'refresh_token') {
        const old = refresh.get(fields.get('refresh_token') ?? '');
        if (!old) return { error: 'invalid_grant' };
        refresh.delete(old.refresh);
        access.delete(old.access);
        renewals += 1;
        return give(old.user, old.scopes);
      }
      const code = codes.get(fields.get('code') ?? '');
      codes.delete(fields.get('code') ?? '');
      const proof = createHash('sha256')
        .update(fields.get('code_verifier') ?? '')
        .digest('base64url');
      const isProven = code !== undefined && (code.challenge === null || code.challenge === proof);
      if (!isProven || fields.get('redirect_uri') !== redirectOf(peer)) return { error: 'invalid_grant' };
      return give(code.user, code.scopes);
    },
    userOf: (token) => {
      const known = access.get(token);
      return known?.good === true ? known.user : null;
    },
    expire: () => {
      for (const one of access.values()) one.good = false;
    },
    revoke: (what) => {
      for (const one of [...access.values()].filter(
        ({ user, access: token }) => user === what || token === what,
      )) {
        access.delete(one.access);
        refresh.delete(one.refresh);
        if (one.access === what) givenBack.push(one.access);
      }
    },
    givenBack,
    renewals: () => renewals,
    given,
  };
}

/** The token of a request, where it is a person's. */
export function bearerOf({ headers }: PeerRequest): string {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** What a token endpoint answers, as RFC 6749 has it; GitHub says its no with a good status. */
export function tokenAnswer(
  people: Authority,
  body: string,
  { noStatus, seconds }: { readonly noStatus: number; readonly seconds: number | null },
): PeerAnswer {
  const got = people.tokens(new URLSearchParams(body));
  if ('error' in got) return { status: noStatus, json: { error: got.error } };
  return {
    status: 200,
    json: {
      access_token: got.access,
      token_type: 'bearer',
      scope: got.scopes.join(' '),
      ...(seconds !== null && { refresh_token: got.refresh, expires_in: seconds }),
    },
  };
}
