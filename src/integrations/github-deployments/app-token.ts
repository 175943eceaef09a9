import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { Taken } from '../../app/ports/connection.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';

const installationToken = z.looseObject({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }),
});

/** Earlier than it says: clocks differ, and requests take time. */
const SPARE_MS = 60_000;
/** An app may sign for ten minutes at most. */
const JWT_S = 540;

interface App {
  readonly address: string;
  readonly app: string;
  readonly installation: number;
  readonly key: Secret;
}

type Token = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly taken: Taken };

/**
 * Tokens of an installation of an app, each used until it nearly ends
 * (https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app).
 */
export function installationTokens({
  address,
  app,
  installation,
  key,
}: App): (signal: AbortSignal) => Promise<Token> {
  let kept: { readonly token: string; readonly until: number } | null = null;
  return async (signal) => {
    if (kept !== null && kept.until > Date.now()) return { ok: true, token: kept.token };
    const answer = await askPeer({
      url: `${address}/app/installations/${installation}/access_tokens`,
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${signedBy(app, key)}` },
      json: {},
      signal,
    });
    if (!answer.ok) return answer;
    const read = installationToken.safeParse(jsonOf(answer.body));
    if (!read.success) return { ok: false, taken: lied(new URL(address).host, 'a token') };
    kept = { token: read.data.token, until: Date.parse(read.data.expires_at) - SPARE_MS };
    return { ok: true, token: read.data.token };
  };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT by RS256; begun a minute ago, for GitHub's clock may be behind. */
function signedBy(app: string, key: Secret): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 60, exp: now + JWT_S, iss: app })}`;
  return `${claims}.${createSign('RSA-SHA256').update(claims).sign(key.reveal(), 'base64url')}`;
}
