import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MonitoringProof, monitoringProof } from '../../src/contract/monitoring.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { type Exporter, startExporter } from '../kit/exporter.ts';
import { eventually, freePort } from '../kit/loopback-process.ts';
import { type Misbehaviour, type MisbehavingProxy, startMisbehavingProxy } from '../kit/misbehaving-proxy.ts';
import { probeOf, type ProofQuestion, proveMonitoring } from '../kit/monitoring-proof.ts';
import { RESEND_DELAY_MS, startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { untrustedCertificate } from '../kit/untrusted-certificate.ts';

// INVARIANT under test: whatever goes wrong between us and a living production, the proof does not pass.

let prometheus: TestPrometheus;
let alertmanager: TestAlertmanager;
let shop: Exporter;
let prometheusProxy: MisbehavingProxy;
let alertmanagerProxy: MisbehavingProxy;
let tlsProxy: MisbehavingProxy;

beforeAll(async () => {
  [alertmanager, shop] = await Promise.all([startAlertmanager(), startExporter('orders_total 1\n')]);
  prometheus = await startPrometheus({
    scraped: [
      { job: 'shop', port: shop.port, target: 'shop' },
      { job: 'alertmanager', port: alertmanager.port },
    ],
    alertmanagerPort: alertmanager.port,
  });
  [prometheusProxy, alertmanagerProxy, tlsProxy] = await Promise.all([
    startMisbehavingProxy(prometheus.url),
    startMisbehavingProxy(alertmanager.url),
    startMisbehavingProxy(prometheus.url, untrustedCertificate()),
  ]);
  await eventually(
    () => prove(),
    (proof) => proof.prometheus === 'pass' && proof.alertmanager === 'pass',
  );
});

afterAll(async () => {
  await Promise.all([prometheus, alertmanager, shop].map((one) => one?.stop()));
  await Promise.all([prometheusProxy, alertmanagerProxy, tlsProxy].map((one) => one?.stop()));
});

function prove(question: ProofQuestion = {}): Promise<MonitoringProof> {
  const usual = { prometheus: prometheus.url, alertmanager: alertmanager.url, thanos: 'absent' } as const;
  return proveMonitoring(usual, { targets: ['shop'], ...question });
}

/** A busy machine may hold up a scrape: what ought to pass may do so a moment later. */
const proveAlive = (question?: ProofQuestion) =>
  eventually(
    () => prove(question),
    (proof) => proof.prometheus === 'pass',
  );

const verdictOf = (proof: MonitoringProof, id: string, part?: string) => probeOf(proof, id, part).verdict;

describe('a platform that lives', () => {
  it('passes, and every probe says what it wanted, what it saw, and what it was told', async () => {
    const proof = await proveAlive();
    expect(proof).toMatchObject({ prometheus: 'pass', alertmanager: 'pass', thanos: 'pass' });
    expect(monitoringProof.parse(proof)).toEqual(proof);
    const seen = proof.probes.map((one) => `${one.part} ${one.probe}`);
    expect(seen.toSorted()).toEqual(
      [
        ...['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M13'].map((id) => `prometheus ${id}`),
        ...['M1', 'M8', 'M9', 'M10'].map((id) => `alertmanager ${id}`),
        'thanos M12',
      ].toSorted(),
    );
    expect(probeOf(proof, 'M3').because).toMatch(
      /^newest sample of Prometheus itself is .+ old, under 2.5 s wanted \(2.5 × scrape interval 1 s\)$/,
    );
    expect(probeOf(proof, 'M5').because).toMatch(/shortened from 10 min: Prometheus itself is no older/);
    expect(probeOf(proof, 'M4').raw[0]).toMatchObject({
      request: expect.stringContaining('GET /api/v1/query?query=up{target=~'),
      status: 200,
      body: expect.stringContaining('"resultType":"vector"'),
    });
  });

  it('passes through a proxy that behaves', async () => {
    prometheusProxy.behave('well');
    alertmanagerProxy.behave('well');
    const proof = await proveAlive({
      endpoints: { prometheus: prometheusProxy.url, alertmanager: alertmanagerProxy.url },
    });
    expect(proof).toMatchObject({ prometheus: 'pass', alertmanager: 'pass' });
  });
});

const TRANSPORT: readonly Misbehaviour[] = [
  'hang',
  'hang in the body',
  'unavailable',
  'log-in page',
  'redirect to a log-in page',
  'truncated JSON',
  'connection cut in the body',
  'reset the connection',
  'status: error',
  'strip parameters',
];

describe.each(TRANSPORT)('a proxy that does this: %s', (how) => {
  // What hangs is given up soon here; the limit itself is a setting.
  const settings = { timeout: how.startsWith('hang') ? '400 ms' : '1500 ms' };

  it('before Prometheus, for every path', async () => {
    prometheusProxy.behave(how);
    const proof = await prove({ settings, endpoints: { prometheus: prometheusProxy.url } });
    expect(proof.prometheus).not.toBe('pass');
    expect(proof.alertmanager).not.toBe('pass');
    // Not all answers need parameters; those that do not are as good as ever, and bear no warning.
    if (how !== 'strip parameters') expect(verdictOf(proof, 'M13')).not.toBe('pass');
  });

  it('before Prometheus, for queries alone', async () => {
    prometheusProxy.behave(how, '/api/v1/query');
    const proof = await prove({ settings, endpoints: { prometheus: prometheusProxy.url } });
    expect(proof.prometheus).not.toBe('pass');
    expect(verdictOf(proof, 'M1', 'prometheus')).toBe('pass');
    for (const id of ['M2', 'M3', 'M4', 'M5', 'M6', 'M8']) expect(verdictOf(proof, id)).not.toBe('pass');
  });

  it('before Alertmanager', async () => {
    alertmanagerProxy.behave(how);
    const proof = await proveAlive({ settings, endpoints: { alertmanager: alertmanagerProxy.url } });
    if (how === 'strip parameters') {
      // No parameter changes what is judged: the filter only spares a long answer, and names are compared here again.
      expect(proof.alertmanager).toBe('pass');
      return;
    }
    expect(proof.alertmanager).not.toBe('pass');
    for (const id of ['M9', 'M10']) expect(verdictOf(proof, id)).not.toBe('pass');
  });
});

describe('an answer that is none', () => {
  it('nothing listens', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const proof = await prove({ endpoints: { prometheus: nobody, alertmanager: nobody } });
    expect(proof).toMatchObject({ prometheus: 'fail', alertmanager: 'fail' });
    expect(probeOf(proof, 'M1', 'prometheus').because).toBe(
      "200 of Prometheus's `/-/ready` wanted; no answer: connection refused",
    );
  });

  it('TLS where the program speaks none, and a certificate that nobody trusts', async () => {
    for (const url of [prometheus.url.replace('http:', 'https:'), tlsProxy.url]) {
      const proof = await prove({ endpoints: { prometheus: url } });
      expect(proof.prometheus).toBe('fail');
      expect(probeOf(proof, 'M1', 'prometheus').because).toMatch(/no answer: (ERR_SSL|EPROTO|DEPTH_ZERO)/);
    }
  });

  it('an answer of an earlier time out of a cache', async () => {
    const settings = { clockTolerance: '500 ms' };
    const endpoints = { prometheus: prometheusProxy.url };
    prometheusProxy.behave('well');
    await proveAlive({ settings, endpoints });
    prometheusProxy.behave('answer from a cache');
    const proof = await eventually(
      () => prove({ settings, endpoints }),
      (one) => one.prometheus !== 'pass',
    );
    expect(probeOf(proof, 'M2').verdict).toBe('fail');
  });

  it('nothing is configured', async () => {
    const proof = await prove({ endpoints: { prometheus: null, alertmanager: null, thanos: null } });
    expect(proof).toMatchObject({ prometheus: 'unknown', alertmanager: 'unknown', thanos: 'unknown' });
  });

  it('says no address and no password, even where one is in the address', async () => {
    const secret = `http://ana:hunter2@127.0.0.1:${await freePort()}`;
    const proof = await prove({ endpoints: { prometheus: secret } });
    expect(JSON.stringify(proof.probes)).not.toContain('hunter2');
  });
});

describe('an answer without the data', () => {
  it('no sample of Prometheus itself', async () => {
    const proof = await prove({ settings: { job: 'nobody' } });
    expect(proof.prometheus).toBe('fail');
    expect(probeOf(proof, 'M3').because).toBe(
      'samples of Prometheus itself (`job="nobody"`) wanted; got none',
    );
    for (const id of ['M5', 'M6', 'M8']) expect(verdictOf(proof, id)).toBe('unknown');
  });

  it('a plan that names no target is unknown; without a plan nothing is looked for', async () => {
    expect(verdictOf(await prove({ targets: [] }), 'M4')).toBe('unknown');
    const without = await proveAlive({ targets: null });
    expect(without.probes.filter((one) => one.probe === 'M4')).toEqual([]);
  });

  it('no Watchdog of that name', async () => {
    const proof = await prove({ settings: { watchdog: { alert: 'Deadman' } } });
    expect(probeOf(proof, 'M10')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('it holds none'),
    });
  });
});

describe('Alertmanager', () => {
  it('alone is a pass only where the settings say so', async () => {
    const proof = await prove({ settings: { alertmanagerAlone: false } });
    expect(probeOf(proof, 'M9')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('`disabled`'),
    });
    expect(proof.alertmanager).toBe('fail');
  });

  it('a cluster that is settling is unknown', async () => {
    const settling = await startAlertmanager(await freePort());
    try {
      const proof = await prove({ endpoints: { alertmanager: settling.url } });
      expect(probeOf(proof, 'M9')).toMatchObject({
        verdict: 'unknown',
        because: expect.stringContaining('`settling`'),
      });
      expect(proof.alertmanager).not.toBe('pass');
    } finally {
      await settling.stop();
    }
  });

  it('one that is gone fails, and Prometheus says that it cannot send', async () => {
    await alertmanager.kill();
    const proof = await eventually(
      () => prove({ targets: null }),
      (one) => verdictOf(one, 'M8') === 'fail' && probeOf(one, 'M8').because.includes('errors with'),
    );
    expect(proof).toMatchObject({ prometheus: 'pass', alertmanager: 'fail' });
    await alertmanager.restart();
    await eventually(
      () => prove({ targets: null }),
      (one) => one.alertmanager === 'pass',
    );
  });
});

describe('the end of Prometheus', () => {
  it('is seen at once, while Alertmanager goes on showing the Watchdog; and the Watchdog grows old', async () => {
    // The resend delay is given: nobody is left to tell it.
    const settings = { resendDelay: `${RESEND_DELAY_MS} ms` };
    await prometheus.kill();
    const proof = await prove({ settings });
    const held = await (await fetch(`${alertmanager.url}/api/v2/alerts`)).text();
    expect(held).toContain('"state":"active"');
    expect(held).toContain('"alertname":"Watchdog"');
    expect(proof.prometheus).toBe('fail');
    expect(proof.alertmanager).not.toBe('pass');

    const later = await eventually(
      () => prove({ settings }),
      (one) => verdictOf(one, 'M10') !== 'pass',
    );
    expect(probeOf(later, 'M10')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('last updated'),
    });
    expect(later.alertmanager).toBe('fail');
  });
});
