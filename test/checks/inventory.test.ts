import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startExporter, type Exporter } from '../kit/exporter.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';

let folder = '';
let exporter: Exporter;
let prometheus: TestPrometheus;

const SERIES = [
  'host_info{host="db-01:9100",environment="illumidesk.com"} 1',
  'host_info{host="db-02",environment="illumidesk.com"} 1',
  'host_info{host="db-09",environment="staging"} 1',
  'nameless_info{host="db-01"} 1',
];
const LINES = '# hosts\ndb-01 illumidesk.com\n\ndb-02\tillumidesk.com\ndb-03 illumidesk.com\ndb-09 staging\n';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-inventory-'));
  await writeFile(path.join(folder, 'hosts'), LINES);
  await writeFile(path.join(folder, 'twice'), `${LINES}db-01 staging\n`);
  await writeFile(path.join(folder, 'empty'), '# nobody\n');
  await writeFile(path.join(folder, 'other'), 'db-01 illumidesk.com web\n');
  exporter = await startExporter(`${SERIES.join('\n')}\n`);
  prometheus = await startPrometheus({ scraped: [{ job: 'hosts', port: exporter.port }] });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
  await rm(folder, { recursive: true, force: true });
});

const inEnvironment = (...hosts: readonly string[]) =>
  hosts.map((host) => ({ host, environment: 'illumidesk.com' }));

function ask(inventory: Record<string, unknown>, hosts: readonly string[], targets: readonly string[] = []) {
  const context = checkContext({ prometheusUrl: prometheus.url, targets: inEnvironment(...hosts) });
  return measured({ inventory, targets }, context);
}
const fileOf = (name: string) => ({ file: path.join(folder, name) });

describe('a file', () => {
  it.each<[string, Record<string, unknown>, string[], string[], string]>([
    ['hosts', {}, ['db-01', 'db-02'], [], 'pass'],
    ['hosts', {}, ['db-01', 'db-09'], ['db-01'], 'pass'],
    ['hosts', { complete: true }, ['db-01', 'db-02', 'db-03'], [], 'pass'],
    ['hosts', { complete: true }, ['db-01', 'db-02'], [], 'fail'],
    ['hosts', {}, ['db-01', 'db-04'], [], 'fail'],
    ['hosts', {}, ['db-01', 'db-09'], [], 'fail'],
    ['twice', {}, ['db-01'], [], 'fail'],
    ['hosts', {}, [], [], 'unknown'],
    ['hosts', {}, ['db-01'], ['db-02'], 'unknown'],
    ['empty', {}, ['db-01'], [], 'unknown'],
    ['other', {}, ['db-01'], [], 'unknown'],
    ['absent', {}, ['db-01'], [], 'unknown'],
  ])('%s, %o, the plan has %j, the check %j: %s', async (...row) => {
    const [name, more, hosts, targets, verdict] = row;
    expect(await ask({ ...fileOf(name), ...more }, hosts, targets)).toMatchObject({ verdict });
  });

  it('names every host that is not where it ought to be', async () => {
    const result = await ask({ ...fileOf('hosts'), complete: true }, ['db-01', 'db-04', 'db-09']);
    expect(result.measurements[0]?.value).toBe(4);
    expect(result.because).toContain('missing: `db-04`');
    expect(result.because).toContain('elsewhere: `db-09 in staging instead of illumidesk.com`');
    expect(result.because).toContain('not of the plan: `db-02`, `db-03`');
  });
});

describe('a command', () => {
  it.each([
    ['cat "$0"', 'pass'],
    ['cat "$0"; exit 1', 'unknown'],
    ['sleep 60', 'unknown'],
    ['true', 'unknown'],
  ])('%s: %s', async (script, verdict) => {
    const command = ['sh', '-c', script, path.join(folder, 'hosts')];
    expect(await ask({ command, timeout: '300 ms' }, ['db-01'])).toMatchObject({ verdict });
  });
});

const by = (query: string) => ({ prometheus: { query, host: 'host' } });

describe('the labels of Prometheus', () => {
  it('place every host', async () => {
    await eventually(
      () => ask(by('host_info'), ['db-01', 'db-02']),
      ({ verdict }) => verdict === 'pass',
    );
    expect(await ask(by('host_info'), ['db-01', 'db-02', 'db-09'])).toMatchObject({ verdict: 'fail' });
    expect(await ask(by('host_info'), ['db-01', 'db-03'])).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('missing: `db-03`'),
    });
    expect(await ask({ ...by('host_info'), complete: true }, ['db-01'])).toMatchObject({ verdict: 'fail' });
    for (const query of ['absent_info', 'nameless_info', 'host_info or vector(0)', 'host_info{'])
      expect(await ask(by(query), ['db-01'])).toMatchObject({ verdict: 'unknown' });
  });
});

const over = (query: string, span: string, range: Record<string, unknown> = { equals: 1 }) =>
  measured(
    {
      prometheus: { query, range: { over: span, step: '500 ms' }, maxSampleAge: '2500 ms' },
      expect: range,
    },
    checkContext({ prometheusUrl: prometheus.url }),
  );

describe('a metric over a span of time', () => {
  it('passes only if every point of it does', async () => {
    const query = 'host_info{host="db-02"}';
    const steady = await eventually(
      () => over(query, '2 s'),
      ({ verdict }) => verdict === 'pass',
    );
    expect(steady.because).toContain('the last of 5 points over 2 s; all pass');
    // From before there were samples nothing is known, whatever is known of now.
    expect(await over(query, '5 min')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('no data'),
    });
    expect(await over('host_info', '2 s')).toMatchObject({ verdict: 'unknown' });

    exporter.say(
      SERIES.join('\n').replace(
        'db-02",environment="illumidesk.com"} 1',
        'db-02",environment="illumidesk.com"} 7',
      ),
    );
    const changed = await eventually(
      () => over(query, '2 s'),
      ({ verdict }) => verdict === 'fail',
    );
    expect(changed).toMatchObject({
      because: expect.stringMatching(/got 7 \(\d of 5 points over 2 s, the first/),
    });
    // The mean of the span would still be in the range of some other check; one point is enough here.
    await eventually(
      () => over(query, '2 s', { equals: 7 }),
      ({ verdict }) => verdict === 'pass',
    );
  });
});
