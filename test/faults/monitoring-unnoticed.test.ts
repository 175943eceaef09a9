import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MonitoringProof } from '../../src/contract/monitoring.ts';
import { activeSilences } from '../../src/integrations/alertmanager/silences.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { type Exporter, startExporter } from '../kit/exporter.ts';
import { eventually, freePort } from '../kit/loopback-process.ts';
import { probeOf, type ProofQuestion, proveMonitoring } from '../kit/monitoring-proof.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';

// Troubles that Prometheus does not tell by itself: it answers 200 and `success`, with data.

let blind: TestPrometheus;
let warning: TestPrometheus;
let alertmanager: TestAlertmanager;
let shop: Exporter;
let flappy: Exporter;

beforeAll(async () => {
  let scrapes = 0;
  [alertmanager, shop, flappy] = await Promise.all([
    startAlertmanager(),
    startExporter('orders_total 1\n'),
    startExporter(() => ((scrapes += 1) % 2 === 0 ? 'orders_total 1\n' : 'this is no metric {')),
  ]);
  const scraped = [
    { job: 'alertmanager', port: alertmanager.port, target: 'alerting' },
    { job: 'shop', port: shop.port, target: 'shop' },
    { job: 'flappy', port: flappy.port, target: 'flappy' },
  ];
  const nobody = await freePort();
  [blind, warning] = await Promise.all([
    startPrometheus({ scraped, alertmanagerPort: alertmanager.port }),
    startPrometheus({
      // The flappy one counts its scrapes: two that ask it in turn would each see only one face of it.
      scraped: scraped.slice(0, 1),
      alertmanagerPort: alertmanager.port,
      configuration: `remote_read: [{ url: 'http://127.0.0.1:${nobody}/read', read_recent: true }]`,
    }),
  ]);
  await eventually(
    () => prove(blind),
    (proof) => proof.prometheus === 'pass' && proof.alertmanager === 'pass',
  );
});

afterAll(async () => {
  await Promise.all([blind, warning, alertmanager, shop, flappy].map((one) => one?.stop()));
});

function prove(prometheus: TestPrometheus, question: ProofQuestion = {}): Promise<MonitoringProof> {
  const usual = { prometheus: prometheus.url, alertmanager: alertmanager.url, thanos: 'absent' } as const;
  return proveMonitoring(usual, { targets: ['alerting'], ...question });
}

async function ask(prometheus: TestPrometheus, path: string): Promise<string> {
  const response = await fetch(prometheus.url + path);
  return response.text();
}

describe('a dead remote read', () => {
  it('answers success with data, and only the warning tells', async () => {
    const answer: unknown = JSON.parse(await ask(warning, '/api/v1/query?query=up'));
    expect(answer).toMatchObject({ status: 'success', warnings: [expect.any(String)] });

    const proof = await eventually(
      () => prove(warning),
      (one) => probeOf(one, 'M4').verdict === 'pass',
    );
    expect(probeOf(proof, 'M13')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('remote_read'),
    });
    expect(proof.prometheus).toBe('fail');
  });

  it('is allowed only word by word', async () => {
    const { warnings } = JSON.parse(await ask(warning, '/api/v1/query?query=up')) as { warnings: string[] };
    const allowed = await prove(warning, { settings: { allowedWarnings: warnings } });
    expect(probeOf(allowed, 'M13').verdict).toBe('pass');
    const similar = await prove(warning, {
      settings: { allowedWarnings: warnings.map((text) => text.slice(0, -1)) },
    });
    expect(probeOf(similar, 'M13').verdict).toBe('fail');
  });
});

describe('the Watchdog', () => {
  it('silenced is unknown: nobody would hear of its end; the silence is listed', async () => {
    const now = Date.now();
    const response = await fetch(`${alertmanager.url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: 'Watchdog', isRegex: false }],
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 60_000).toISOString(),
        createdBy: 'ana',
        comment: 'too loud',
      }),
    });
    const { silenceID } = (await response.json()) as { silenceID: string };
    const proof = await eventually(
      () => prove(blind),
      (one) => probeOf(one, 'M10').verdict !== 'pass',
    );
    expect(probeOf(proof, 'M10')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('silenced'),
    });

    const source = { baseUrl: alertmanager.url, signal: AbortSignal.timeout(2_000) };
    expect(await activeSilences(source)).toMatchObject({
      ok: true,
      value: [{ id: silenceID, comment: 'too loud' }],
    });
    await fetch(`${alertmanager.url}/api/v2/silence/${silenceID}`, { method: 'DELETE' });
    expect(await activeSilences(source)).toEqual({ ok: true, value: [] });
  });
});

describe('targets', () => {
  it('are found by name with and without a port, and more than one of them', async () => {
    const proof = await prove(blind, { targets: ['shop', '127.0.0.1', `127.0.0.1:${blind.port}`] });
    // The flappy one lives at 127.0.0.1 too, and is down every other second.
    expect(probeOf(proof, 'M4').because).toMatch(/3 targets of the plan/);
    expect(probeOf(proof, 'M5').verdict).toBe('fail');
  });

  it('missing and down are different answers', async () => {
    const missing = await prove(blind, { targets: ['shop', 'ghost', 'sho.'] });
    expect(probeOf(missing, 'M4')).toMatchObject({ verdict: 'fail' });
    expect(probeOf(missing, 'M4').because).toMatch(/; missing from `up`: `ghost`, `sho\.`$/);

    await shop.stop();
    const down = await eventually(
      () => prove(blind, { targets: ['shop'] }),
      (proof) => probeOf(proof, 'M4').verdict !== 'pass',
    );
    await shop.start();
    expect(probeOf(down, 'M4').because).toMatch(/; down: `shop 127\.0\.0\.1:\d+ is 0`$/);
    expect(down.prometheus).toBe('fail');
  });

  it('one that was down a moment ago has flapped, although it is up again', async () => {
    const again = await eventually(
      () => prove(blind, { targets: ['shop'] }),
      (proof) => probeOf(proof, 'M4').verdict === 'pass',
    );
    expect(again.prometheus).toBe('fail');
    expect(probeOf(again, 'M5').because).toMatch(/was down in it: `shop /);
  });

  it('flapping at one second is seen whatever the moment', async () => {
    const proof = await prove(blind, { targets: ['flappy'] });
    expect(probeOf(proof, 'M5')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('was down in it'),
    });
  });

  it('many of them are asked too', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `ghost-${index}`);
    const proof = await prove(blind, { targets: many });
    expect(probeOf(proof, 'M4').because).toMatch(/missing from `up`: `ghost-0`.+ and 195 more/);
    expect(probeOf(proof, 'M4').raw[0]?.request).toMatch(/^POST /);
  });
});

describe('a Prometheus that scrapes nothing', () => {
  it('is ready, has `up` of now and a vector of 1, and does not pass', async () => {
    await blind.kill();
    await blind.restart({ scraped: [], configuration: 'scrape_configs: []' });
    expect(await ask(blind, '/-/ready')).toContain('Ready');
    const { data } = JSON.parse(await ask(blind, '/api/v1/query?query=up{job="prometheus"}')) as {
      data: { result: [{ value: [number, string] }] };
    };
    expect(data.result[0].value[1]).toBe('1');
    expect(Math.abs(data.result[0].value[0] * 1_000 - Date.now())).toBeLessThan(5_000);

    const proof = await eventually(
      () => prove(blind, { settings: { scrapeInterval: '1 s' } }),
      (one) => probeOf(one, 'M3').verdict !== 'pass',
    );
    expect(probeOf(proof, 'M3')).toMatchObject({
      verdict: 'fail',
      because: expect.stringMatching(/^newest sample of Prometheus itself is .+ s old, under 2\.5 s wanted/),
    });
    expect(probeOf(proof, 'M2').verdict).toBe('pass');
    expect(probeOf(proof, 'M4').verdict).toBe('pass');
    expect(probeOf(proof, 'M5').verdict).not.toBe('pass');
    expect(proof.prometheus).toBe('fail');
  });
});
