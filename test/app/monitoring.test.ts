import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monitoringFacts } from '../../src/app/monitoring/facts.ts';
import { ensureProof, proveNow } from '../../src/app/monitoring/monitoring.ts';
import { openMonitoringIncident } from '../../src/app/monitoring/open-incident.ts';
import { watchMonitoring } from '../../src/app/monitoring/watch.ts';
import { createMonitoringProver } from '../../src/integrations/monitoring.ts';
import { monitoringSettings } from '../../src/contract/monitoring.ts';
import { transact } from '../../src/store/database.ts';
import { keepProof, probesOf, thinProofs } from '../../src/store/monitoring.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { startServer, type TestServer } from '../kit/server.ts';

const environment = 'illumidesk.com';
const question = { environment, targets: null };

let prometheus: TestPrometheus;
let alertmanager: TestAlertmanager;
let server: TestServer;

beforeAll(async () => {
  alertmanager = await startAlertmanager();
  prometheus = await startPrometheus({ scraped: [], alertmanagerPort: alertmanager.port });
  server = await startServer({
    monitoring: createMonitoringProver({
      settings: monitoringSettings.parse({ alertmanagerAlone: true }),
      endpoints: () => ({ prometheus: prometheus.url, alertmanager: alertmanager.url, thanos: 'absent' }),
    }),
    editPolicy: (text) =>
      text
        .replace('monitoringDeadAfter: 5 min', 'monitoringDeadAfter: 300 ms')
        .replace(
          /( +)ops\.illumidesk\.net:\n\1 +operational: true/,
          '$1ops.illumidesk.net:\n$1  operational: false',
        ),
  });
  await eventually(
    () => proveNow(server.context, question),
    (proof) => proof?.prometheus === 'pass' && proof.alertmanager === 'pass',
  );
});
afterAll(async () => {
  await server.stop();
  await prometheus.stop();
  await alertmanager.stop();
});

const facts = () => transact(server.context.db, (tx) => monitoringFacts(tx, server.context, question));

async function asOwner(statement: string, values: unknown[] = []): Promise<number | null> {
  const client = new Client({ connectionString: server.context.db.url });
  await client.connect();
  try {
    return (await client.query(statement, values)).rowCount;
  } finally {
    await client.end();
  }
}

describe('a stored proof', () => {
  it('that is young and passes is used again, with its raw answers kept', async () => {
    const first = await ensureProof(server.context, question);
    expect(first).toMatchObject({ prometheus: 'pass', alertmanager: 'pass', thanos: 'pass' });
    expect((await ensureProof(server.context, question))?.id).toBe(first?.id);
    const probes = await probesOf(server.context.db, first?.id ?? 0n);
    expect(probes.find(({ probe }) => probe === 'M2')?.raw[0]).toMatchObject({ status: 200 });
    expect((await facts()).monitoring).toMatchObject({
      prometheus: 'pass',
      alertmanager: 'pass',
      thanos: 'pass',
    });
  });

  it('is made once for many who ask at once', async () => {
    const proofs = await Promise.all(Array.from({ length: 20 }, () => proveNow(server.context, question)));
    expect(new Set(proofs.map((proof) => proof?.id)).size).toBe(1);
  });

  it('is one of its own for a plan with targets', async () => {
    const plain = await ensureProof(server.context, question);
    const targeted = await ensureProof(server.context, { environment, targets: ['nowhere'] });
    expect(targeted?.id).not.toBe(plain?.id);
    // The target is not there, so Prometheus does not pass for this plan.
    expect(targeted?.prometheus).not.toBe('pass');
    expect((await facts()).monitoring.prometheus).toBe('pass');
  });

  it('that is too old counts as unknown, and so does none', async () => {
    await proveNow(server.context, question);
    await asOwner(`update monitoring_proofs set proved_at = proved_at - interval '31 seconds'`);
    const unknown = { prometheus: 'unknown', thanos: 'unknown', alertmanager: 'unknown' };
    expect(await facts()).toMatchObject({ monitoring: unknown, proof: null });
    const elsewhere = { environment: 'nowhere.example', targets: null };
    expect(
      await transact(server.context.db, (tx) => monitoringFacts(tx, server.context, elsewhere)),
    ).toMatchObject({ monitoring: unknown });
  });

  it('that something rests on is not thinned out', async () => {
    const kept = await proveNow(server.context, question);
    const other = await proveNow(server.context, question);
    await keepProof(server.context.db, kept?.id ?? 0n);
    await asOwner(`update monitoring_proofs set proved_at = proved_at - interval '2 days'`);
    await thinProofs(server.context.db);
    const rows = await server.context.db.selectFrom('monitoring_proofs').select('id').execute();
    expect(rows.map(({ id }) => id)).toContain(kept?.id);
    expect(rows.map(({ id }) => id)).not.toContain(other?.id);
    await expect(asOwner('delete from monitoring_proofs where id = $1', [kept?.id])).rejects.toThrow(
      'never deleted',
    );
  });
});

describe('monitoring that stays dead', () => {
  it('opens one incident of severity S2 by itself, which is recorded and stays until a person closes it', async () => {
    const { context } = server;
    const incidents = () => context.db.selectFrom('incidents').selectAll().execute();
    const watch = watchMonitoring(context, {
      everyMs: 50,
      onDead: (name, deadForMs) => openMonitoringIncident(context, name, deadForMs),
    });
    await eventually(facts, ({ monitoring }) => monitoring.prometheus === 'pass');
    expect(await incidents()).toEqual([]);
    await prometheus.kill();
    const [incident] = await eventually(incidents, (rows) => rows.length > 0);
    expect(incident).toMatchObject({
      severity: 'S2',
      source: 'monitoring',
      source_key: environment,
      resolved_at: null,
    });
    // Another server, or this one started again, finds it open and opens no second.
    await openMonitoringIncident(context, environment, 1_000);
    await prometheus.restart();
    await eventually(facts, ({ monitoring }) => monitoring.prometheus === 'pass');
    await watch.stop();
    expect(await incidents()).toHaveLength(1);
    expect((await incidents())[0]?.resolved_at).toBeNull();
    const entries = (await server.ledger()).filter(({ type }) => type === 'incident.opened');
    expect(entries).toMatchObject([
      {
        actor: { issuer: 'interlock', subject: 'monitoring' },
        object: `incident/${incident?.id}`,
        outcome: 'allow',
      },
    ]);
  });
});
