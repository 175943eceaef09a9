import path from 'node:path';
import { BadSetting } from './bad-setting.ts';
import { readIdentityConfig, type IdentityConfig } from './config-identity.ts';
import { parseVerifierKey, type VerifierKey } from './kernel/ledger/key.ts';
import { sha256 } from './store/ledger-crypto.ts';

/** Everything the environment may say. Read once, in `main`. */
export interface Config {
  /** Folder of the embedded database, keys and logs. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** A PostgreSQL of one's own; without it the embedded one is used. */
  readonly databaseUrl: string | null;
  /** The key that signs the ledger: one for every server of a database. */
  readonly ledgerKeyFile: string;
  /** The policy file; without it the one that ships. */
  readonly policyFile: string | null;
  /** The peers of the server, and whether somebody named the file: else it may be absent. */
  readonly integrations: { readonly file: string; readonly named: boolean };
  readonly prometheusUrl: string | null;
  readonly alertmanagerUrl: string | null;
  readonly thanosUrl: string | null;
  /** Secrets that open Alertmanager's webhook: one, or two while one takes over from the other. */
  readonly alertSecrets: readonly string[];
  /** Further host names that the server answers for, beside the loopback names. */
  readonly allowedHosts: readonly string[];
  /** Whether `/metrics` answers callers that are not on the loopback interface. */
  readonly metricsOpen: boolean;
  /** Where the first administrator's token is written (mode 0600) instead of the terminal. */
  readonly adminTokenFile: string | null;
  /** Whether addresses that people give (webhooks, calendars) may lie in private networks. */
  readonly allowPrivateAddresses: boolean;
  /** Who cosigns what the ledger signs. */
  readonly witnesses: readonly { readonly url: string; readonly key: VerifierKey }[];
  /** Most requests a minute of one credential; `null` for any number. */
  readonly requestsPerMinute: number | null;
  readonly identity: IdentityConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration that the environment gives. @throws {BadSetting} */
export function readConfig(environment: Environment): Config {
  const text = (name: string) => environment[name]?.trim() || null;
  const dataDir = path.resolve(text('INTERLOCK_DATA') ?? '.interlock');
  return {
    dataDir,
    host: text('INTERLOCK_HOST') ?? '127.0.0.1',
    port: portOf(text('INTERLOCK_PORT') ?? '8420'),
    databaseUrl: addressOf('DATABASE_URL', text('DATABASE_URL'), ['postgres:', 'postgresql:']),
    ledgerKeyFile: path.resolve(text('INTERLOCK_LEDGER_KEY_FILE') ?? path.join(dataDir, 'ledger.key')),
    policyFile: text('INTERLOCK_POLICY'),
    integrations: {
      file: path.resolve(text('INTERLOCK_INTEGRATIONS') ?? path.join(dataDir, 'integrations.yaml')),
      named: text('INTERLOCK_INTEGRATIONS') !== null,
    },
    prometheusUrl: addressOf('PROMETHEUS_URL', text('PROMETHEUS_URL'), ['http:', 'https:']),
    alertmanagerUrl: addressOf('ALERTMANAGER_URL', text('ALERTMANAGER_URL'), ['http:', 'https:']),
    thanosUrl: addressOf('THANOS_URL', text('THANOS_URL'), ['http:', 'https:']),
    alertSecrets: secretsOf('INTERLOCK_ALERT_SECRETS', text('INTERLOCK_ALERT_SECRETS')),
    allowedHosts: listOf(text('INTERLOCK_ALLOWED_HOSTS')),
    metricsOpen: switchOf('INTERLOCK_METRICS_OPEN', text('INTERLOCK_METRICS_OPEN')),
    adminTokenFile: text('INTERLOCK_ADMIN_TOKEN_FILE'),
    allowPrivateAddresses: switchOf(
      'INTERLOCK_ALLOW_PRIVATE_ADDRESSES',
      text('INTERLOCK_ALLOW_PRIVATE_ADDRESSES'),
    ),
    witnesses: listOf(text('INTERLOCK_WITNESSES')).map(witnessOf),
    requestsPerMinute: limitOf('INTERLOCK_REQUESTS_PER_MINUTE', text('INTERLOCK_REQUESTS_PER_MINUTE')),
    identity: readIdentityConfig(text),
  };
}

function listOf(text: string | null): string[] {
  return (text ?? '').split(/[\s,]+/).filter((item) => item !== '');
}

/** `https://address#name+id+key`: where the witness answers, and the key that it told when it started. */
function witnessOf(text: string): Config['witnesses'][number] {
  const [url = '', vkey = ''] = text.split('#');
  addressOf('INTERLOCK_WITNESSES', url, ['https:', 'http:']);
  const parsed = parseVerifierKey(sha256, vkey, 'cosignature');
  if (!parsed.ok) throw new BadSetting(`INTERLOCK_WITNESSES: ${parsed.because} after \`#\`, got \`${vkey}\``);
  return { url, key: parsed.key };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new BadSetting(`INTERLOCK_PORT: expected a port from 0 to 65535, got \`${text}\``);
  }
  return port;
}

function addressOf(name: string, text: string | null, protocols: readonly string[]): string | null {
  if (text === null) return null;
  const url = URL.parse(text);
  if (!url || !protocols.includes(url.protocol)) {
    // The address may hold a password: it is not repeated.
    throw new BadSetting(`${name}: expected an address that begins with \`${protocols[0]}//\``);
  }
  return text;
}

const SHORTEST_SECRET = 20;

function secretsOf(name: string, text: string | null): readonly string[] {
  const secrets = (text ?? '').split(/[\s,]+/).filter((secret) => secret !== '');
  if (secrets.length > 2 || secrets.some((secret) => secret.length < SHORTEST_SECRET)) {
    // A secret is not repeated.
    throw new BadSetting(`${name}: expected at most two secrets of at least ${SHORTEST_SECRET} characters`);
  }
  return secrets;
}

/** A hundred a second is more than any person or program of good manners asks. */
const USUAL_REQUESTS_PER_MINUTE = 6_000;

function limitOf(name: string, text: string | null): number | null {
  if (text === null) return USUAL_REQUESTS_PER_MINUTE;
  if (!/^\d{1,9}$/.test(text)) {
    throw new BadSetting(`${name}: expected a number of requests, 0 for no limit, got \`${text}\``);
  }
  return text === '0' ? null : Number(text);
}

function switchOf(name: string, text: string | null): boolean {
  if (text === null || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new BadSetting(`${name}: expected \`true\` or \`false\`, got \`${text}\``);
}
