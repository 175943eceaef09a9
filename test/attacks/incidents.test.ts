import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { heedAlerts } from '../../src/app/incident/heed-alerts.ts';
import { proveNow } from '../../src/app/monitoring/monitoring.ts';
import type { MonitoringProver } from '../../src/app/ports/monitoring.ts';
import { alertSettings, type AlertSettings } from '../../src/contract/alerts.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';

// What attackers and networks do to the ways in which incidents come in: TRUST sections 4 and 5.

const SECRETS = ['the-older-of-two-secrets', 'the-newer-of-two-secrets'] as const;
const ENVIRONMENTS = ['illumidesk.com', 'ops.illumidesk.net'];
const HOOK = '/api/v1/webhooks/alertmanager';
const MINUTE_MS = 60_000;

let server: TestServer;
let alertmanager: TestAlertmanager;
let cora: TestAccount;
let alive: 'pass' | 'unknown' = 'pass';

const prover: MonitoringProver = {
  prove: async (_environment, { nowMs }) => ({
    prometheus: alive,
    alertmanager: alive,
    thanos: alive,
    probes: [],
    places: {},
    provedAt: new Date(nowMs).toISOString(),
  }),
};

beforeAll(async () => {
  server = await startServer({
    monitoring: prover,
    editPolicy: (text) => `${text}\nincidents: { alertmanager: {} }\n`,
  });
  cora = await server.account('cora');
  await server.account('ira');
  await server.onCall({ eoc: 'cora', imoc: 'ira' });
  alertmanager = await startAlertmanager(undefined, { url: server.url + HOOK, secret: SECRETS[1] });
  Object.assign(server.context, { alerts: { source: alertSource(alertmanager.url), secrets: SECRETS } });
});
afterAll(async () => {
  await alertmanager.stop();
  await server.stop();
});
beforeEach(() => prove('pass'));

async function prove(verdict: typeof alive): Promise<void> {
  alive = verdict;
  for (const environment of ENVIRONMENTS) await proveNow(server.context, { environment, targets: null });
}

/** Gives Alertmanager an alert that fires, or one that is over. */
async function alert(
  alertname: string,
  labels: Record<string, string> = {},
  state: 'firing' | 'over' = 'firing',
): Promise<void> {
  const now = Date.now();
  const endsAt = new Date(state === 'firing' ? now + 10 * MINUTE_MS : now - 1).toISOString();
  const startsAt = new Date(state === 'firing' ? now : now - MINUTE_MS).toISOString();
  const body = [{ labels: { alertname, incident: 'true', ...labels }, startsAt, endsAt }];
  const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

/** A body as Alertmanager would send it, which says what it likes. */
const hint = (status: 'firing' | 'resolved', about: string) => ({
  version: '4',
  status,
  groupKey: `{}:{alertname="${about}"}`,
  alerts: [{ status, labels: { alertname: about, incident: 'true' }, fingerprint: about }],
});
const tell = (body: unknown, token: string = SECRETS[0]) => server.ask('POST', HOOK, { token, body });

async function incidentsOf(name: string) {
  const { incidents } = (await server.ask('GET', '/api/v1/incidents', { token: cora.token })).body;
  return (incidents as { id: string; title: string; severity: string; status: string }[]).filter(
    ({ title }) => title.startsWith(name),
  );
}

const deliveries = async () =>
  (await server.context.db.selectFrom('heard_deliveries').select('delivery').execute()).length;

/** A look at the alerts, as every server takes one again and again, webhook or none. */
const look = (settings: Partial<AlertSettings> = {}) =>
  heedAlerts(server.context, { settings: { ...alertSettings.parse({}), ...settings }, delivery: null });

describe('who may tell of alerts', () => {
  it('is told nothing but 401 without a secret that is live', async () => {
    const [secret] = SECRETS;
    const wrong = ['x', secret.slice(0, -1), secret.toUpperCase(), `${secret}x`, `v1,${secret}`, cora.token];
    const before = await deliveries();
    for (const token of wrong) {
      const answer = await tell(hint('firing', 'forged'), token);
      expect(answer).toMatchObject({ status: 401, body: { message: 'Not signed in.' } });
    }
    expect((await server.ask('POST', HOOK, { body: hint('firing', 'forged') })).status).toBe(401);
    expect(await deliveries()).toBe(before);
  });

  it('is whoever has either secret, or a service', async () => {
    const service = await server.account('alarm', { kind: 'service', scopes: ['act'] });
    const reading = await server.account('onlooker', { kind: 'service', scopes: ['read'] });
    expect((await tell(hint('firing', 'a'), SECRETS[0])).status).toBe(200);
    expect((await tell(hint('firing', 'b'), SECRETS[1])).status).toBe(200);
    expect((await tell(hint('firing', 'c'), service.token)).status).toBe(200);
    expect((await tell(hint('firing', 'd'), reading.token)).status).toBe(401);
  });

  it('is not read beyond the limit, nor unpacked', async () => {
    const padding = { ...hint('firing', 'long'), padding: 'x'.repeat(600_000) };
    expect((await tell(padding)).status).toBe(413);
    const packed = await fetch(server.url + HOOK, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRETS[0]}`, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(50_000_000)),
    });
    expect(packed.status).toBe(400);
    for (const body of [[], 'x', { version: '4', status: 'burning', alerts: [] }])
      expect((await tell(body)).status).toBe(400);
  });
});

describe('an alert', () => {
  it('opens one incident by the webhook of a real Alertmanager; one without the label opens none', async () => {
    await alert('Unlabelled', { incident: 'no', severity: 'critical' });
    await alert('Burning', { instance: 'a', severity: 'warning' });
    await alert('Burning', { instance: 'b', severity: 'error' });
    await eventually(
      () => incidentsOf('Burning'),
      (list) => list.length > 0 && list[0]?.severity === 'S2',
    );
    expect(await incidentsOf('Burning')).toMatchObject([{ severity: 'S2', status: 'active' }]);
    expect(await incidentsOf('Unlabelled')).toEqual([]);
    const entries = (await server.ledger()).filter(({ type }) => type === 'incident.opened');
    expect(entries).toMatchObject([{ actor: { subject: 'alertmanager' }, outcome: 'allow' }]);
  });

  it('is as bad as the worst where nobody mapped its severity', async () => {
    await alert('Odd', { severity: 'toString' });
    await look();
    expect(await incidentsOf('Odd')).toMatchObject([{ severity: 'S1' }]);
  });

  it('opens its incident although the webhook was lost', async () => {
    await alertmanager.restart();
    await alert('Lost', { severity: 'warning' });
    await look();
    expect(await incidentsOf('Lost')).toMatchObject([{ status: 'active', severity: 'S3' }]);
  });

  it('writes no line of its own into a title', async () => {
    await alert('Sly', { severity: 'warning', job: 'x' });
    await look({ groupBy: ['alertname', 'job'] });
    await alert('Sly\n\u202EINC-1 resolved', { severity: 'warning' });
    await look();
    for (const { title } of await incidentsOf('Sly')) expect(title).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('a webhook that says otherwise than the API', () => {
  it('(30) resolved, while it fires: stays active', async () => {
    await alert('Stays', { severity: 'critical' });
    await look();
    expect((await tell(hint('resolved', 'Stays'))).status).toBe(200);
    expect(await incidentsOf('Stays')).toMatchObject([{ status: 'active' }]);
  });

  it('firing, while there is no such alert: opens nothing', async () => {
    expect((await tell(hint('firing', 'Invented'))).status).toBe(200);
    expect(await incidentsOf('Invented')).toEqual([]);
  });

  it('(25) resolved before triggered: it is what the API says, whichever comes first', async () => {
    await tell(hint('resolved', 'Early'));
    expect(await incidentsOf('Early')).toEqual([]);
    await alert('Early', { severity: 'critical' });
    await tell(hint('firing', 'Early'));
    expect(await incidentsOf('Early')).toMatchObject([{ status: 'active' }]);
  });
});

describe('a delivery', () => {
  it('(24) fifty times at once, and once more later, is heard once', async () => {
    await alert('Fifty', { severity: 'critical' });
    const rows = await deliveries();
    const body = { ...hint('firing', 'Fifty'), nonce: 'the same each time' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => tell(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(answers.filter((answer) => answer.body.heard === 'new')).toHaveLength(1);
    expect((await tell(body)).body).toEqual({ heard: 'before' });
    expect(await incidentsOf('Fifty')).toHaveLength(1);
    // Alertmanager's own deliveries of the same alert may lie among them.
    expect(await deliveries()).toBeGreaterThan(rows);
  });

  it('is not taken while Alertmanager does not answer, so that it comes again', async () => {
    const body = hint('firing', 'Away');
    await alertmanager.kill();
    const rows = await deliveries();
    expect(await tell(body)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await deliveries()).toBe(rows);
    await alertmanager.restart();
    expect((await tell(body)).body).toEqual({ heard: 'new' });
  });
});

describe('an incident of an alert', () => {
  const closing = { closedBy: 'source', coolDown: 0 } as const;

  it('flaps without a second one, and is closed by its source only once it has been quiet', async () => {
    await alert('Flaps', { severity: 'warning' });
    await look(closing);
    await alert('Flaps', { severity: 'warning' }, 'over');
    await look({ ...closing, coolDown: MINUTE_MS });
    await look({ ...closing, coolDown: MINUTE_MS });
    expect(await incidentsOf('Flaps')).toMatchObject([{ status: 'active' }]);
    await alert('Flaps', { severity: 'warning' });
    await look(closing);
    const [incident] = await incidentsOf('Flaps');
    const record = (await server.ask('GET', `/api/v1/incidents/${incident?.id}`, { token: cora.token })).body;
    expect(record.events.map(({ kind }: { kind: string }) => kind)).toEqual(['opened', 'quiet', 'firing']);
    await alert('Flaps', { severity: 'warning' }, 'over');
    await look(closing);
    await look(closing);
    expect(await incidentsOf('Flaps')).toMatchObject([{ status: 'resolved', resolvedBy: 'alertmanager' }]);
  });

  it('is not closed while nobody proves that alerts would arrive', async () => {
    await alert('Unseen', { severity: 'warning' });
    await look(closing);
    await alert('Unseen', { severity: 'warning' }, 'over');
    await prove('unknown');
    await look(closing);
    await look(closing);
    expect(await incidentsOf('Unseen')).toMatchObject([{ status: 'active', quietSince: null }]);
  });

  it('that a person closed while it fired stays closed; the next alert opens another', async () => {
    await alert('Closed', { severity: 'warning' });
    await look();
    const [first] = await incidentsOf('Closed');
    const resolved = await server.ask('POST', `/api/v1/incidents/${first?.id}/resolve`, {
      token: cora.token,
      body: { reason: 'A known noise.' },
    });
    expect(resolved.status).toBe(200);
    // As if its alert were older than the clocks may differ by.
    const settled = { ...server.context, policy: withoutTolerance() };
    const heed = () => heedAlerts(settled, { settings: alertSettings.parse({}), delivery: null });
    await heed();
    expect(await incidentsOf('Closed')).toHaveLength(1);
    await alert('Closed', { severity: 'warning', instance: 'another' });
    await heed();
    expect(await incidentsOf('Closed')).toHaveLength(2);
  });

  it('is raised by its alerts and never lowered by them', async () => {
    await alert('Worse', { severity: 'warning' });
    await look();
    await alert('Worse', { severity: 'critical', instance: 'b' });
    await look();
    await alert('Worse', { severity: 'critical', instance: 'b' }, 'over');
    await look();
    expect(await incidentsOf('Worse')).toMatchObject([{ severity: 'S1', status: 'active' }]);
  });
});

function withoutTolerance() {
  const { policy } = server.context;
  const monitoring = { ...policy.file.monitoring, clockTolerance: 0 };
  return { ...policy, file: { ...policy.file, monitoring } };
}
