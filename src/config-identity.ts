import { BadSetting } from './bad-setting.ts';

/** How people prove who they are, as the environment says. */
export interface IdentityConfig {
  /** For how many minutes a proof of who one is counts for acts of high stakes. */
  readonly freshMinutes: number;
  /** The directory file; without it administrators apply one. */
  readonly directoryFile: string | null;
  /** The identity provider; `null` where people sign in by accounts of this server alone. */
  readonly provider: ProviderConfig | null;
}

export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly clientSecretFile: string | null;
  /** The address at which people reach this server. */
  readonly publicUrl: string;
  readonly title: string;
  readonly signedBy: string;
  readonly groupsClaim: string;
  readonly nameClaim: string;
  readonly scope: string;
}

type Text = (name: string) => string | null;

const USUAL_FRESH_MINUTES = 10;
/** Longer is no moment ago: the answer would be that of an open session. */
const MOST_FRESH_MINUTES = 60;
/** Where who checks a signature could make one, or there is none, nothing is proven. */
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** @throws {BadSetting} */
export function readIdentityConfig(text: Text): IdentityConfig {
  return {
    freshMinutes: minutesOf('INTERLOCK_FRESH_MINUTES', text('INTERLOCK_FRESH_MINUTES')),
    directoryFile: text('INTERLOCK_DIRECTORY'),
    provider: providerOf(text),
  };
}

function providerOf(text: Text): ProviderConfig | null {
  const issuer = text('INTERLOCK_OIDC_ISSUER');
  if (issuer === null) return null;
  return {
    issuer: webAddress('INTERLOCK_OIDC_ISSUER', issuer),
    clientId: wanted(text, 'INTERLOCK_OIDC_CLIENT_ID'),
    clientSecret: text('INTERLOCK_OIDC_CLIENT_SECRET'),
    clientSecretFile: text('INTERLOCK_OIDC_CLIENT_SECRET_FILE'),
    publicUrl: webAddress('INTERLOCK_PUBLIC_URL', wanted(text, 'INTERLOCK_PUBLIC_URL')),
    title: text('INTERLOCK_OIDC_TITLE') ?? new URL(issuer).hostname,
    signedBy: signedByOf(text('INTERLOCK_OIDC_SIGNED_BY') ?? 'RS256'),
    groupsClaim: text('INTERLOCK_OIDC_GROUPS_CLAIM') ?? 'groups',
    nameClaim: text('INTERLOCK_OIDC_NAME_CLAIM') ?? 'preferred_username',
    scope: text('INTERLOCK_OIDC_SCOPE') ?? 'openid profile',
  };
}

function wanted(text: Text, name: string): string {
  const value = text(name);
  if (value === null)
    throw new BadSetting(`${name}: expected a value beside INTERLOCK_OIDC_ISSUER, got none`);
  return value;
}

/** What proves who people are must not be read or changed on its way: TLS, or this very machine. */
function webAddress(name: string, value: string): string {
  const url = URL.parse(value);
  const here = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (here && url.protocol === 'http:')) return value;
  throw new BadSetting(`${name}: expected an address that begins with \`https://\`, got \`${value}\``);
}

function signedByOf(value: string): string {
  if (ASYMMETRIC.includes(value)) return value;
  throw new BadSetting(
    `INTERLOCK_OIDC_SIGNED_BY: expected one of ${ASYMMETRIC.join(', ')}, got \`${value}\``,
  );
}

function minutesOf(name: string, value: string | null): number {
  if (value === null) return USUAL_FRESH_MINUTES;
  const minutes = Number(value);
  if (/^\d{1,2}$/.test(value) && minutes >= 1 && minutes <= MOST_FRESH_MINUTES) return minutes;
  throw new BadSetting(`${name}: expected minutes from 1 to ${MOST_FRESH_MINUTES}, got \`${value}\``);
}
