import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monitoringFacts } from '../../src/app/monitoring/facts.ts';
import { ensureProof, monitoringOf, proveNow } from '../../src/app/monitoring/monitoring.ts';
import { readIncident } from '../../src/app/incident/record.ts';
import { noteMonitoringBack, openMonitoringIncident } from '../../src/app/monitoring/open-incident.ts';
import { watchMonitoring, type WatchOptions } from '../../src/app/monitoring/watch.ts';
import { createMonitoringProver } from '../../src/integrations/monitoring.ts';
import { monitoringSettings } from '../../src/contract/monitoring.ts';
import { transact } from '../../src/store/database.ts';
import { compareProofs } from '../../src/store/ledger-proofs.ts';
import { resolveIncident } from '../../src/store/incidents.ts';
import { deadSince, probesOf, thinProofs } from '../../src/store/monitoring.ts';
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
    const ana = await server.account('ana');
    const kept = await proveNow(server.context, question);
    const body = { environment, criticality: 'C4', severity: 'S4', estimateMinutes: 1, rollbackMinutes: 1 };
    expect((await server.ask('POST', '/api/v1/decisions', { token: ana.token, body })).status).toBe(200);
    // The record names what the decision rested on.
    expect((await server.ledger()).at(-1)).toMatchObject({
      digests: { proof: kept?.digest },
      details: { proof: String(kept?.id) },
    });
    // As it is read again it is as it was heard.
    expect(await compareProofs(server.context.db)).toEqual([]);
    const other = await proveNow(server.context, question);
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

const proofs = async () =>
  (await server.context.db.selectFrom('monitoring_proofs').select('id').execute()).length;

describe('several servers', () => {
  it('make one proof between them, as long as it is young', async () => {
    const before = await proofs();
    // Each turn but the first finds the proof that another made a moment ago.
    const servers = Array.from({ length: 4 }, () => ({
      ...server.context,
      monitoring: monitoringOf(server.context.monitoring.prover),
    }));
    const watches = servers.map((context) => watchMonitoring(context, { everyMs: 600_000 }));
    await Promise.all(watches.map((watch) => watch.stop()));
    expect((await proofs()) - before).toBeLessThanOrEqual(1);
  });
});

describe('monitoring that stays dead', () => {
  it('opens one incident of severity S2 by itself, which is recorded and stays until a person closes it', async () => {
    const { context } = server;
    const incidents = () => context.db.selectFrom('incidents').selectAll().execute();
    const options: WatchOptions = {
      everyMs: 50,
      onDead: (name, dead) => openMonitoringIncident(context, name, dead),
    };
    const watch = watchMonitoring(context, options);
    // Another server beside it.
    const other = watchMonitoring(context, options);
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
    // One that is started again reads from the stored proofs since when, and opens no second: not even once it is closed.
    await Promise.all([watch.stop(), other.stop()]);
    const since = await deadSince(context.db, environment, { parts: ['prometheus'], silenceMs: 60_000 });
    expect(since?.getTime()).toBeLessThan(incident?.opened_at.getTime() ?? 0);
    expect((await incidents())[0]?.resolved_at).toBeNull();
    await noteMonitoringBack(context, environment);
    await noteMonitoringBack(context, environment);
    expect((await readIncident(context.db, incident?.id ?? '')).events).toMatchObject([
      { kind: 'opened' },
      { kind: 'quiet', by: 'monitoring' },
    ]);
    await transact(context.db, (tx) =>
      resolveIncident(tx, incident?.id ?? '', { by: 'cora', reason: 'seen' }),
    );
    let turns = 0;
    const again = watchMonitoring(context, {
      everyMs: 50,
      onDead: async (name, dead) => {
        await openMonitoringIncident(context, name, dead);
        turns += 1;
      },
    });
    await eventually(
      async () => turns,
      (count) => count > 1,
    );
    await prometheus.restart();
    await eventually(facts, ({ monitoring }) => monitoring.prometheus === 'pass');
    await again.stop();
    expect(await incidents()).toHaveLength(1);
    expect(await deadSince(context.db, environment, { parts: ['prometheus'], silenceMs: 60_000 })).toBeNull();
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
