import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { eventually } from '../kit/loopback-process.ts';

const sh = (script: string, more: Record<string, unknown> = {}) => ({
  command: { argv: ['sh', '-c', script], ...more },
});

describe('the Nagios plugin protocol', () => {
  it.each([
    ['exit 0', 'pass', 'pass'],
    ['exit 1', 'unknown', 'inconclusive'],
    ['exit 2', 'fail', 'fail'],
    ['exit 3', 'unknown', 'inconclusive'],
    ['exit 4', 'unknown', 'error'],
    ['exit 127', 'unknown', 'error'],
    ['kill -9 $$', 'unknown', 'error'],
  ])('%s: %s', async (script, verdict, measurement) => {
    expect(await measured(sh(script))).toMatchObject({ verdict, measurements: [{ verdict: measurement }] });
  });

  it('says the text, and keeps the performance data', async () => {
    const result = await measured(sh("echo 'DISK CRITICAL - 2% free | /=98%;80;90'; echo more; exit 2"));
    expect(result.because).toBe('exit status 0 (OK) wanted; got 2 (CRITICAL): DISK CRITICAL - 2% free');
    expect(result.measurements[0]?.raw).toContain('| /=98%;80;90\nmore');
  });

  it('a range on the exit status says otherwise', async () => {
    expect(await measured({ ...sh('exit 1'), expect: { atMost: 1 } })).toMatchObject({ verdict: 'pass' });
    expect(await measured({ ...sh('exit 0'), expect: { equals: 1 } })).toMatchObject({ verdict: 'fail' });
  });
});

describe('output', () => {
  const text = { measure: 'stdout' };
  const number = { measure: 'number' };

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['echo on', text, { equals: 'on' }, 'pass'],
    ['echo off', text, { equals: 'on' }, 'fail'],
    ['echo on; exit 1', text, { equals: 'on' }, 'unknown'],
    ['echo 7', number, { below: 8 }, 'pass'],
    ['echo 7', number, { below: 7 }, 'fail'],
    ['echo', number, { below: 7 }, 'unknown'],
    ['echo 0x7', number, { below: 8 }, 'unknown'],
    ['echo 7 apples', number, { below: 8 }, 'unknown'],
    ['echo NaN', number, { notEquals: 8 }, 'unknown'],
    ['echo +Inf', number, { above: 8 }, 'unknown'],
    ['echo 7; exit 1', number, { below: 8 }, 'unknown'],
  ])('%s, %o, %o: %s', async (script, more, wanted, verdict) => {
    expect(await measured({ ...sh(script, more), expect: wanted })).toMatchObject({ verdict });
  });

  it('of megabytes is read to its end and cut', async () => {
    const result = await measured(sh('head -c 3000000 /dev/zero | tr "\\0" x'));
    expect(result.verdict).toBe('pass');
    expect(result.measurements[0]?.raw.length).toBeLessThanOrEqual(65_536);
  });
});

describe('the program', () => {
  it('gets its arguments as they are, and no shell reads them', async () => {
    const argv = ['printf', '%s|', '$HOME', 'a b', '; exit 2', '*'];
    const check = { command: { argv, measure: 'stdout' }, expect: { equals: '$HOME|a b|; exit 2|*|' } };
    expect(await measured(check)).toMatchObject({ verdict: 'pass' });
  });

  it('sees no secret of the bastion', async () => {
    const env = { PATH: process.env['PATH'], SHOP_DATABASE_URL: 'hunter2', INTERLOCK_TOKEN: 'hunter2' };
    const result = await measured({ command: { argv: ['env'] } }, checkContext({ env }));
    expect(result.verdict).toBe('pass');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('that does not exist is an error', async () => {
    const result = await measured({ command: { argv: ['no-such-program'] } });
    expect(result).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('ENOENT') });
  });
});

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const pidIn = (raw: string | undefined) => Number(/child (\d+)/.exec(raw ?? '')?.[1]);

describe('past its time the whole group ends', () => {
  it('by TERM, with its children', async () => {
    const result = await measured(sh('sleep 60 & echo child $!; wait', { timeout: '200 ms' }));
    expect(result).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
    const child = pidIn(result.measurements[0]?.raw);
    expect(child).toBeGreaterThan(1);
    await eventually(
      async () => isAlive(child),
      (alive) => !alive,
    );
  });

  it('by KILL where TERM is ignored', async () => {
    const deaf =
      "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo child $!; while :; do sleep 1; done";
    const result = await measured(sh(deaf, { timeout: '200 ms' }));
    expect(result.because).toContain('it was ended');
    const child = pidIn(result.measurements[0]?.raw);
    expect(child).toBeGreaterThan(1);
    await eventually(
      async () => isAlive(child),
      (alive) => !alive,
    );
  });

  it('and what a plugin leaves behind ends with it, even if it holds the pipe', async () => {
    const result = await measured(sh('sleep 60 & echo child $!'));
    expect(result.verdict).toBe('pass');
    await eventually(
      async () => isAlive(pidIn(result.measurements[0]?.raw)),
      (alive) => !alive,
    );
    const escaped = await measured(sh('setsid sleep 3 & echo OK'));
    expect(escaped.verdict).toBe('pass');
  });

  it('also when the caller gives up', async () => {
    const giving = new AbortController();
    const result = measured(sh('sleep 60'), checkContext({ signal: giving.signal }));
    await sleep(100);
    giving.abort();
    expect(await result).toMatchObject({
      verdict: 'unknown',
      because: 'it was given up after 0 measurements',
    });
  });
});
