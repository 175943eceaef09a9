import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '../../src/cli/client.ts';
import { freePort, startLoopbackProcess, type LoopbackProcess } from '../../test/kit/loopback-process.ts';
import { SHIPPED_POLICY } from '../../test/kit/server.ts';
import { scratchParent } from '../../test/kit/scratch.ts';
import { ENVIRONMENT } from './plan.ts';

const ENTRY = path.resolve(import.meta.dirname, 'server.ts');
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/interlock');
/** Of everybody in a campaign. */
export const PASSWORD = 'a password of a campaign';
const HOUR_MS = 3_600_000;
const ALERT_SECRET = 'the-secret-of-a-campaign';

/** Rules that a campaign is not about; that S1 runs alone is tried on what the database itself holds. */
const OFF = [
  'plan-complete',
  'awareness',
  'director-approval',
  'review-quorum',
  'emoc-assigned',
  'cmoc-assigned',
  'bridge-open',
  'exclusive',
  'handoff-written',
];

/** What every history begins with a copy of: a server's data folder with its people, and what proves who they are. */
export interface Prepared {
  readonly folder: string;
  readonly data: string;
  readonly policy: string;
  readonly tokens: Readonly<Record<'ana' | 'ben' | 'cora' | 'ira', string>>;
  readonly bastion: string;
  /** Where Prometheus and Alertmanager are; `null` has no rule ask for them. */
  readonly monitoring: Monitoring | null;
}

export interface Monitoring {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Makes it, by a server of its own that is stopped again. */
export async function prepare(monitoring: Monitoring | null): Promise<Prepared> {
  const folder = await mkdtemp(path.join(scratchParent(), 'interlock-campaign-'));
  const data = path.join(folder, 'data');
  const policy = path.join(folder, 'policy.yaml');
  await mkdir(data);
  await writeFile(policy, policyOf(await readFile(SHIPPED_POLICY, 'utf8'), monitoring !== null));
  const port = await freePort();
  const adminToken = path.join(folder, 'admin.token');
  const at = { data, policy, port, logFile: path.join(folder, 'prepare.log') };
  const server = await startServer({ ...at, more: { INTERLOCK_ADMIN_TOKEN_FILE: adminToken } });
  const token = (await readFile(adminToken, 'utf8')).trim();
  const admin = createClient({ url: `http://127.0.0.1:${port}`, token, bastionKey: null });
  const made = await people(admin);
  await server.stop();
  return { folder, data, policy, ...made, monitoring };
}

export async function forget({ folder }: Prepared): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

export interface ServerPlace {
  readonly data: string;
  readonly policy: string;
  readonly port: number;
  readonly logFile: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** Starts the campaign's server as a process; ready when it says that it can decide. */
export function startServer({ data, policy, port, logFile, more }: ServerPlace): Promise<LoopbackProcess> {
  return startLoopbackProcess([process.execPath, ENTRY], {
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    logFile,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: CACHE,
      INTERLOCK_DATA: data,
      INTERLOCK_PORT: String(port),
      INTERLOCK_POLICY: policy,
      INTERLOCK_ALERT_SECRETS: ALERT_SECRET,
      INTERLOCK_REQUESTS_PER_MINUTE: '0',
      ...more,
    },
  });
}

/** What opens Alertmanager's webhook. */
export const alertAuthorization = `Bearer ${ALERT_SECRET}`;

function policyOf(shipped: string, monitored: boolean): string {
  const off = monitored ? OFF : [...OFF, 'metrics-available'];
  const rules = off.map((rule) => `  ${rule}: { level: off }\n`).join('');
  const watched = `
monitoring: { alertmanagerAlone: true }
incidents: { alertmanager: { closedBy: source, coolDown: 1 s, every: 1 s } }
`;
  const without = shipped
    .replaceAll('thanos: present', 'thanos: absent')
    .replace('\nrules:\n', `\nrules:\n${rules}`);
  return monitored ? without + watched : without;
}

async function people(admin: ReturnType<typeof createClient>): Promise<Pick<Prepared, 'tokens' | 'bastion'>> {
  const answer = { parse: (value: unknown) => value as Record<string, string> };
  const account = async (name: string) => {
    await admin.ask('POST', '/api/v1/people', {
      body: { name, displayName: name, password: PASSWORD },
    });
    const issued = await admin.ask('POST', `/api/v1/people/${name}/tokens`, {
      body: { label: 'campaign' },
      answer,
    });
    return issued['secret'] ?? '';
  };
  const tokens = {
    ana: await account('ana'),
    ben: await account('ben'),
    cora: await account('cora'),
    ira: await account('ira'),
  };
  const [start, end] = [-HOUR_MS, 24 * HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const shift = (person: string) => [{ person, start, end }];
  await admin.ask('PUT', '/api/v1/rota', { body: { eoc: shift('cora'), imoc: shift('ira') } });
  // The runner may be root where a campaign is; what that is refused is a test of its own.
  const privileged = process.getuid?.() === 0;
  const body = { name: 'bastion-1', environment: ENVIRONMENT, role: 'bastion', privileged };
  const host = await admin.ask('POST', '/api/v1/bastions', { body, answer });
  return { tokens, bastion: host['key'] ?? '' };
}
