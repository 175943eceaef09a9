import type { Examination, Finding } from '../contract/doctor.ts';
import { lastCosigned } from '../store/ledger-cosignatures.ts';
import { readLastCheckpoint } from '../store/ledger-checkpoints.ts';
import { readHead } from '../store/ledger.ts';
import { missingMigrations } from '../store/missing-migrations.ts';
import { replicationOf } from '../store/replication.ts';
import { databaseClockMs, newestProof, probesOf } from '../store/monitoring.ts';
import { examineBudgets } from './budget/unread.ts';
import type { AppContext } from './context.ts';
import { whyFrozen } from './ledger-freeze.ts';
import { passes } from './monitoring/monitoring.ts';
import { examineConnections } from './outside/examine.ts';
import { whySuperseded } from './policy-in-force.ts';
import { readRota } from './rota/read.ts';
import { readSources } from './rota/source.ts';

const ROTA_DAYS = 14;
const SKEW_WARNS_MS = 1_000;
const SKEW_WRONG_MS = 5_000;

/** Looks at everything that has to be right for a decision to be possible. @throws where the database does not answer. */
export async function examine(context: AppContext): Promise<Examination> {
  const before = Date.now();
  const atMs = await databaseClockMs(context.db);
  const skewMs = atMs - (before + Date.now()) / 2;
  return {
    at: new Date(atMs).toISOString(),
    findings: [
      clock(skewMs),
      await migrations(context),
      ...(await replication(context)),
      await ledger(context),
      ...(await witnesses(context)),
      await policy(context),
      examineBudgets(context),
      ...(await examineMonitoring(context)),
      alerts(context),
      ...(await examineRotas(context)),
      ...(await calendars(context)),
      ...(await examineConnections(context)),
    ],
  };
}

function clock(skewMs: number): Finding {
  const part = 'clock of the server';
  const text = `${Math.round(skewMs)} ms from the database's clock`;
  const size = Math.abs(skewMs);
  if (size <= SKEW_WARNS_MS) return { part, status: 'ok', text };
  return {
    part,
    status: size <= SKEW_WRONG_MS ? 'warning' : 'wrong',
    text: `expected within ${SKEW_WARNS_MS} ms, got ${text}`,
  };
}

async function migrations({ db }: AppContext): Promise<Finding> {
  const missing = await missingMigrations(db);
  return missing.length === 0
    ? { part: 'migrations', status: 'ok', text: 'all applied' }
    : {
        part: 'migrations',
        status: 'wrong',
        text: `expected all applied, got missing: ${missing.join(', ')}`,
      };
}

/** A replica that commits do not wait for lacks the newest of them when it is promoted, and nobody may miss what was not signed yet. */
async function replication({ db }: AppContext): Promise<Finding[]> {
  const part = 'replication';
  const { replicas, waits, names } = await replicationOf(db);
  if (replicas === 0) return [];
  if (waits && names !== '') return [{ part, status: 'ok', text: `commits wait for \`${names}\`` }];
  const got = waits ? 'no `synchronous_standby_names`' : '`synchronous_commit` off or local';
  const text = `expected commits that wait for a replica before it may be promoted, got ${got}`;
  return [{ part, status: 'warning', text }];
}

async function ledger(context: AppContext): Promise<Finding> {
  const part = 'ledger';
  const frozen = await whyFrozen(context, context.db);
  if (frozen !== null) return { part, status: 'wrong', text: `frozen: ${frozen}` };
  const head = await readHead(context.db);
  if (head === null) return { part, status: 'wrong', text: 'expected a head, got none' };
  const checkpoint = await readLastCheckpoint(context.db);
  const signed = checkpoint ? `, signed up to ${checkpoint.size}` : ', nothing signed yet';
  return { part, status: 'ok', text: `${head.size} entries${signed}` };
}

/** A witness that is away is no danger by itself; one whose word contradicts ours has frozen the ledger. */
async function witnesses({ db, ledger: { witnesses: watched } }: AppContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { witness, trouble } of watched) {
    const part = `witness ${witness.key.name}`;
    const last = await lastCosigned(db, witness.key.name);
    const text = last
      ? `cosigned up to ${last.size} at ${last.cosigned_at.toISOString()}`
      : 'cosigned nothing yet';
    const status = trouble === null && last ? 'ok' : 'warning';
    findings.push({ part, status, text: trouble === null ? text : `${text}; now: ${trouble}` });
  }
  return findings;
}

async function policy(context: AppContext): Promise<Finding> {
  const { path, digest, policy: inForce } = context.policy;
  const superseded = await whySuperseded(context, context.db);
  if (superseded !== null) return { part: 'policy', status: 'wrong', text: superseded };
  return { part: 'policy', status: 'ok', text: `${inForce.name}, ${digest}, from ${path}` };
}

/** Whether monitoring proves that it lives, by environment. */
export async function examineMonitoring(context: AppContext): Promise<Finding[]> {
  const { prover } = context.monitoring;
  const findings: Finding[] = [];
  for (const [environment, { operational, monitoring: parts }] of context.policy.policy.environments) {
    if (!operational || parts.length === 0) continue;
    const part = `monitoring of ${environment}`;
    const proof = prover && (await newestProof(context.db, environment, null));
    const maxAgeMs = context.policy.file.limits.monitoringProofAge;
    if (!prover) {
      findings.push({
        part,
        status: 'wrong',
        text: 'expected PROMETHEUS_URL and ALERTMANAGER_URL, got neither',
      });
    } else if (!proof || proof.age_ms > maxAgeMs) {
      findings.push({
        part,
        status: 'wrong',
        text: `expected a proof of the last ${maxAgeMs / 1_000} s, got none`,
      });
    } else {
      const probes = await probesOf(context.db, proof.id);
      const bad = probes.filter((probe) => probe.verdict !== 'pass' && parts.includes(probe.part));
      const status = passes(context, proof) ? 'ok' : 'wrong';
      const reasons = bad.map((probe) => `${probe.probe} ${probe.part} ${probe.verdict}: ${probe.because}`);
      const text = parts.map((one) => `${one} ${proof[one]}`).join(', ');
      findings.push({ part, status, text: [text, ...reasons].join('; ') });
    }
  }
  return findings;
}

/** Whether alerts open incidents. */
function alerts({ alerts: { source, secrets }, policy: { file } }: AppContext): Finding {
  const part = 'incidents from alerts';
  const settings = file.incidents.alertmanager;
  if (settings === null)
    return { part, status: 'ok', text: 'off: the policy names none, people open incidents' };
  if (source === null) return { part, status: 'wrong', text: 'expected ALERTMANAGER_URL, got none' };
  const by = secrets.length === 0 ? 'service tokens' : `${secrets.length} secrets, or service tokens`;
  const text = `${settings.label}=${settings.values.join('|')}, closed by ${settings.closedBy}; webhook opened by ${by}`;
  return { part, status: 'ok', text };
}

/** Who is on call, and where nobody is. */
export async function examineRotas(context: AppContext): Promise<Finding[]> {
  const { gaps, onDuty, shifts } = await readRota(context, ROTA_DAYS);
  return (['eoc', 'imoc', 'cmoc'] as const).map((name) => {
    const part = `rota ${name}`;
    const own = gaps.filter((gap) => gap.rota === name);
    const used = shifts.some((shift) => shift.rota === name) || own.length > 0;
    // Nobody has to be in the CMOC rota: where it is empty the event manager communicates.
    if (!used) return { part, status: name === 'cmoc' ? 'ok' : 'wrong', text: 'nobody is ever on call' };
    const first = own[0];
    if (!first) return { part, status: 'ok', text: `${onDuty[name]} now, no gap in ${ROTA_DAYS} days` };
    const text = `nobody from ${first.start} until ${first.end}${own.length > 1 ? `, and ${own.length - 1} more` : ''}`;
    return { part, status: onDuty[name] === undefined ? 'wrong' : 'warning', text };
  });
}

/** The calendars that set rotas: how stale each is, and what it leaves open. */
async function calendars({ db }: AppContext): Promise<Finding[]> {
  return (await readSources(db)).map(
    ({ rota: name, host, connection, failure, goodAt, goodUntil, lapsed, unmapped }) => {
      const part = `${connection === null ? 'calendar' : connection} of rota ${name}`;
      const read = goodAt === null ? 'never read' : `read at ${goodAt}`;
      if (lapsed)
        return {
          part,
          status: 'wrong',
          text: `${host}: ${read}, so not relied on; ${failure ?? 'not tried yet'}`,
        };
      if (failure !== null)
        return { part, status: 'warning', text: `${read}, stands until ${goodUntil}; now: ${failure}` };
      return unmapped.length === 0
        ? { part, status: 'ok', text: `${read} from ${host}` }
        : { part, status: 'warning', text: `${read}; ${unmapped.length} events name nobody we know` };
    },
  );
}
