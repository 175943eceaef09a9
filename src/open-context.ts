import { isUtf8 } from 'node:buffer';
import { mkdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import type { AppContext, Log, PolicyInForce } from './app/context.ts';
import { openLedger } from './app/ledger.ts';
import { Metrics } from './app/metrics.ts';
import { monitoringOf } from './app/monitoring/monitoring.ts';
import { policyInForce } from './app/read-policy.ts';
import type { Config } from './config.ts';
import { AppError } from './contract/errors.ts';
import { alertSource } from './integrations/alertmanager/alerts.ts';
import { alertmanagerConnection } from './integrations/alertmanager/connection.ts';
import { createMonitoringProver } from './integrations/monitoring.ts';
import { budgetReader } from './integrations/prometheus/budget.ts';
import { calendarText } from './integrations/ical/publish.ts';
import { shiftCalendar } from './integrations/ical/source.ts';
import { outsideOf } from './integrations/outbound/outside.ts';
import { witnessAt } from './integrations/witness/client.ts';
import { knownEnvironments, openIntegrations, type Integrations } from './open-integrations.ts';
import { openIdentity } from './open-identity.ts';
import { packagePath } from './package-path.ts';
import type { PlansAside } from './read-plans-aside.ts';
import { openDatabase, type Database } from './store/database.ts';
import { sha256 } from './store/ledger-crypto.ts';
import { openRecordedFeed } from './store/recorded-feed.ts';

/** The policy that the configuration names, or the one that ships. @throws {BadPolicy} {AppError} `invalid` */
export async function loadPolicy(config: Config): Promise<PolicyInForce> {
  const file = config.policyFile ?? packagePath('policies/illumidesk.yaml');
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('invalid', `expected a policy file that can be read, got \`${file}\``, { cause });
  });
  if (!isUtf8(bytes))
    throw new AppError('invalid', `expected a policy in UTF-8, got other bytes in \`${file}\``);
  return policyInForce(file, bytes.toString('utf8'), sha256);
}

/** Who starts this server: the account of the system and the host. */
export function startedBy(): string {
  try {
    return `${userInfo().username} on ${hostname()}`;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'} on ${hostname()}`;
  }
}

/** The database of the context; quiet about connections that the pool replaces by itself. */
export function connect(url: string, log: Log): Database {
  return openDatabase(url, {
    name: 'interlock',
    onBrokenConnection: (error) => log.warn({ error: error.message }, 'a connection to the database broke'),
  });
}

/** What every use case is given, on a migrated database. Makes the ledger's signing key at the first start. */
export async function openContext(
  config: Config,
  db: Database,
  { policy, log, plans }: { readonly policy: PolicyInForce; readonly log: Log; readonly plans: PlansAside },
): Promise<AppContext> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const source = { ...config.integrations, environment: process.env };
  const book = await openLedger(db, {
    keyFile: config.ledgerKeyFile,
    anchorFile: path.join(config.dataDir, 'checkpoint'),
    // A database of one's own may be served from disks that come and go.
    anchorRequired: config.databaseUrl === null,
  });
  return {
    db,
    policy,
    monitoring: monitoringOf(prover(config, policy)),
    budgets:
      config.prometheusUrl === null ? null : budgetReader(config.prometheusUrl, policy.file.monitoring),
    alerts: {
      source: config.alertmanagerUrl === null ? null : alertSource(config.alertmanagerUrl),
      secrets: config.alertSecrets,
    },
    ...withAlertmanager(knownEnvironments(await openIntegrations(source), policy), config),
    outside: outsideOf({ allowPrivate: config.allowPrivateAddresses }),
    shiftCalendar: shiftCalendar({ allowPrivate: config.allowPrivateAddresses }),
    identity: await openIdentity(config.identity),
    calendarText,
    readPlan: plans.read,
    hash: sha256,
    ledger: { book, frozen: null, paged: false, witnesses: config.witnesses.map(watchedWitness) },
    feed: openRecordedFeed(db.url),
    usedTokens: new Set(),
    metrics: new Metrics(),
    log,
  };
}

/** It is named where the monitoring is, and is a peer for what we ask of it all the same. */
function withAlertmanager(opened: Integrations, { alertmanagerUrl }: Config): Integrations {
  if (alertmanagerUrl === null) return opened;
  const all = [...opened.connections.all, alertmanagerConnection(alertmanagerUrl)];
  return { ...opened, connections: { ...opened.connections, all } };
}

function watchedWitness({ url, key }: Config['witnesses'][number]) {
  return { witness: witnessAt(url, key), heard: false, trouble: null };
}

function prover({ prometheusUrl, alertmanagerUrl, thanosUrl }: Config, { policy, file }: PolicyInForce) {
  if (prometheusUrl === null && alertmanagerUrl === null) return null;
  return createMonitoringProver({
    settings: file.monitoring,
    endpoints: (environment) => ({
      prometheus: prometheusUrl,
      alertmanager: alertmanagerUrl,
      thanos:
        policy.environments.get(environment)?.monitoring.includes('thanos') === false
          ? 'absent'
          : thanosUrl === null
            ? null
            : { url: thanosUrl },
    }),
  });
}
