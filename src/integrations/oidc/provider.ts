import * as client from 'openid-client';
import { boundedFetch } from '../outbound/bounded-fetch.ts';
import type { IdentityProvider, Returned, SignInFlow, Vouched } from '../../app/ports/identity-provider.ts';

/** What is agreed with the provider. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** `null` for a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** The address at which people reach us. */
  readonly publicUrl: string;
  readonly title: string;
  /** The one algorithm in which the provider signs: asymmetric, so that who can check a token cannot make one. */
  readonly signedBy: string;
  readonly groupsClaim: string;
  readonly nameClaim: string;
  readonly scope: string;
}

const TIMEOUT_S = 10;
/** Its keys are the longest that it says. */
const MAX_BYTES = 1_048_576;
/** Clocks of two machines may be so far apart. */
const TOLERANCE_S = 30;
/** Ended by the provider's no; everything else is ours to say. */
const AWAY = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

/** A provider by OpenID Connect: authorization code with PKCE, `state` and `nonce`; every id token's signature is checked. */
export function openIdProvider(settings: ProviderSettings): IdentityProvider {
  const discovered = discovery(settings);
  return {
    issuer: settings.issuer,
    title: settings.title,
    page: new URL('/sign-in', settings.publicUrl).href,
    begin: async (flow) => {
      const config = await discovered().catch(() => null);
      return config && (await authorizationUrl(config, settings, flow)).href;
    },
    complete: async (parameters, flow) => {
      try {
        return await exchange(await discovered(), settings, { parameters, flow });
      } catch (error) {
        return refusalOf(error);
      }
    },
  };
}

/** Asked for when first needed, and again after a failure: a provider that is away keeps nothing from starting. */
function discovery(settings: ProviderSettings): () => Promise<client.Configuration> {
  let known: Promise<client.Configuration> | null = null;
  return () => {
    known ??= discover(settings).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

async function discover({ issuer, clientId, clientSecret, signedBy }: ProviderSettings) {
  const server = new URL(issuer);
  const metadata = { id_token_signed_response_alg: signedBy, [client.clockTolerance]: TOLERANCE_S };
  const proof = clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret);
  const config = await client.discovery(server, clientId, metadata, proof, {
    timeout: TIMEOUT_S,
    // Of whatever it answers no more than that is read, and nothing is unpacked.
    [client.customFetch]: (url, { signal, ...init }) =>
      boundedFetch(signal ?? AbortSignal.timeout(TIMEOUT_S * 1_000), MAX_BYTES)(url, init as RequestInit),
    // Only an address that says so itself is asked without TLS: a provider on this very machine.
    execute: server.protocol === 'http:' ? [client.allowInsecureRequests] : [],
  });
  // Beside TLS: without this the signature of an id token from the token endpoint is taken on trust.
  client.enableNonRepudiationChecks(config);
  return config;
}

async function authorizationUrl(
  config: client.Configuration,
  { publicUrl, scope }: ProviderSettings,
  { state, nonce, verifier, again }: SignInFlow,
): Promise<URL> {
  return client.buildAuthorizationUrl(config, {
    redirect_uri: returnPage(publicUrl).href,
    scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(again && { prompt: 'login', max_age: '0' }),
  });
}

async function exchange(
  config: client.Configuration,
  settings: ProviderSettings,
  { parameters, flow }: { readonly parameters: string; readonly flow: SignInFlow },
): Promise<Returned> {
  const url = returnPage(settings.publicUrl);
  url.search = parameters;
  const tokens = await client.authorizationCodeGrant(config, url, {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) return { kind: 'refused', because: 'expected an id token of the provider, got none' };
  const more = await userInfo(config, tokens.access_token, claims.sub);
  return { kind: 'vouched', vouched: vouchedBy({ ...more, ...claims }, settings) };
}

/** Where the provider sends the browser back to: a page of ours. */
function returnPage(publicUrl: string): URL {
  return new URL('/sign-in/return', publicUrl);
}

/** What the provider says of a person beside the id token; it must speak of the same one. */
async function userInfo(config: client.Configuration, accessToken: string, subject: string) {
  if (config.serverMetadata().userinfo_endpoint === undefined) return {};
  return client.fetchUserInfo(config, accessToken, subject);
}

function vouchedBy(claims: client.IDToken, { nameClaim, groupsClaim }: ProviderSettings): Vouched {
  const groups = claims[groupsClaim];
  return {
    issuer: claims.iss,
    subject: claims.sub,
    accountHint: text(claims[nameClaim]),
    displayName: text(claims['name']),
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    authenticatedAt: typeof claims.auth_time === 'number' ? claims.auth_time * 1_000 : null,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A library's words for what did not hold; those of the provider or of an attacker are not repeated. */
function refusalOf(error: unknown): Returned {
  if (error instanceof client.AuthorizationResponseError) {
    return { kind: 'refused', because: 'expected the provider to let the person in, got a refusal' };
  }
  if (error instanceof client.ResponseBodyError) {
    return { kind: 'refused', because: 'expected a code that the provider stands by, got another' };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null || !code.startsWith('OAUTH_') || AWAY.has(code)) {
    return {
      kind: 'away',
      because: 'expected an answer of the identity provider, got none that can be read',
    };
  }
  return { kind: 'refused', because: `expected what was agreed with the provider, got \`${code}\`` };
}
