import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { checkContext, measured } from '../kit/check-context.ts';
import { eventually, freePort } from '../kit/loopback-process.ts';

let alertmanager: TestAlertmanager;

beforeAll(async () => {
  alertmanager = await startAlertmanager();
  await fire({ alertname: 'Watchdog' });
});
afterAll(() => alertmanager?.stop());

async function post(place: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${alertmanager.url}/api/v2/${place}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.headers.get('content-type')?.includes('json') ? response.json() : null;
}

const fire = (...alerts: readonly Record<string, string>[]) =>
  post(
    'alerts',
    alerts.map((labels) => ({ labels, endsAt: new Date(Date.now() + 600_000).toISOString() })),
  );

function silence(name: string, value: string, isRegex = false, isEqual = true): Promise<unknown> {
  return post('silences', {
    matchers: [{ name, value, isRegex, isEqual }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 600_000).toISOString(),
    createdBy: 'cora',
    comment: 'known',
  });
}

function ask(
  labels: Record<string, string>,
  more: Record<string, unknown> = {},
  ranges: Record<string, unknown> = {},
) {
  const context = checkContext({ alertmanagerUrl: alertmanager.url });
  return measured({ alertmanager: { labels, ...more }, ...ranges }, context);
}

const heartbeat = (alertname: string, maxAge: string) => ({
  heartbeat: { labels: { alertname }, maxAge },
});

describe('what fires', () => {
  it('is nothing, beside a fresh heartbeat', async () => {
    expect(await ask({ service: 'quiet' })).toMatchObject({ verdict: 'pass', measurements: [{ value: 0 }] });
  });

  it('fails, is listed and counted; only with these labels', async () => {
    await fire(
      { alertname: 'Slow', service: 'shop', instance: 'web-01' },
      { alertname: 'Down', service: 'shop', severity: 'page' },
    );
    const both = await ask({ service: 'shop' });
    expect(both).toMatchObject({ verdict: 'fail', measurements: [{ value: 2 }] });
    expect(both.because).toContain('2 alerts, ');
    expect(both.because).toContain('`Slow of web-01`');
    expect(both.measurements[0]?.raw).toContain('"severity":"page"');
    expect(await ask({ service: 'shop', severity: 'page' })).toMatchObject({ measurements: [{ value: 1 }] });
    expect(await ask({ service: 'shop' }, {}, { expect: { atMost: 2 } })).toMatchObject({ verdict: 'pass' });
  });

  it('silenced is not nothing: it is listed, and unclear unless that is allowed', async () => {
    await fire({ alertname: 'Full', service: 'disk' });
    await silence('service', 'disk');
    const hidden = await eventually(
      () => ask({ service: 'disk' }),
      ({ verdict }) => verdict !== 'fail',
    );
    expect(hidden).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'inconclusive' }] });
    expect(hidden.because).toContain('silenced or inhibited: 1 alert, `Full`');
    const allowed = await ask({ service: 'disk' }, { suppressed: 'allowed' });
    expect(allowed).toMatchObject({ verdict: 'pass', because: expect.stringContaining('`Full`') });
  });

  it('inhibited by another alert is not nothing either', async () => {
    await fire({ alertname: 'HostDown', rack: 'r1', service: 'racks' });
    expect(await ask({ service: 'racks' })).toMatchObject({ verdict: 'fail' });
    await fire({ alertname: 'RackDown', rack: 'r1' });
    const hidden = await eventually(
      () => ask({ service: 'racks' }),
      ({ verdict }) => verdict !== 'fail',
    );
    expect(hidden).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'inconclusive' }] });
    expect(hidden.because).toContain('silenced or inhibited: 1 alert, `HostDown`');
    expect(hidden.measurements[0]?.raw).toContain('"inhibitedBy":["');
  });

  it('nothing without a heartbeat is unclear, and so is nothing beside an old one', async () => {
    const none = await ask({ service: 'quiet' }, heartbeat('Deadman', '3 min'));
    expect(none).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('there is none') });
    expect(await ask({ service: 'quiet' }, heartbeat('Watchdog', '10 ms'))).toMatchObject({
      verdict: 'unknown',
    });
    // What does fire needs no heartbeat to be a failure.
    expect(await ask({ service: 'shop' }, heartbeat('Deadman', '3 min'))).toMatchObject({ verdict: 'fail' });
  });

  it('nobody answers, or nobody is configured', async () => {
    const check = { alertmanager: { labels: { service: 'quiet' } } };
    for (const alertmanagerUrl of [null, `http://127.0.0.1:${await freePort()}`]) {
      expect(await measured(check, checkContext({ alertmanagerUrl }))).toMatchObject({
        verdict: 'unknown',
        measurements: [{ verdict: 'error' }],
      });
    }
    expect(() => measured({ alertmanager: { labels: {} } })).toThrow('expected at least one label');
  });
});

describe('silences', () => {
  const silences = { measure: 'silences' };

  it('are listed by their matchers, with a number', async () => {
    await silence('host', 'db-0[12]', true);
    await silence('host', 'db-03', false, false);
    const found = await eventually(
      () => ask({ host: 'db-01', service: 'other' }, silences, { expect: { equals: 2 } }),
      ({ verdict }) => verdict === 'pass',
    );
    expect(found.because).toContain('{host=~"db-0[12]"} by cora');
    expect(found.because).toContain('{host!="db-03"} by cora');
    // A pattern stands for the whole value.
    const longer = await ask({ host: 'db-011', service: 'other' }, silences);
    expect(longer).toMatchObject({ verdict: 'fail', measurements: [{ value: 1 }] });
    const none = await ask({ host: 'db-03', service: 'other' }, silences);
    expect(none).toMatchObject({ verdict: 'pass', measurements: [{ value: 0 }] });
  });

  it('that could hide an alert of which not every label is known count', async () => {
    expect(await ask({ host: 'db-03' }, silences)).toMatchObject({
      verdict: 'fail',
      measurements: [{ value: 1 }],
    });
  });
});
