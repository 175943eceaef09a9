import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { executionResult } from '../../src/contract/execution.ts';
import { cleanEnvironment, CLEAN_PATH } from '../../src/runner/environment.ts';
import { execute, type Command } from '../../src/runner/execute.ts';
import { groupAlive } from '../../src/runner/terminate.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'interlock-execute-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function command(argv: readonly string[], more: Partial<Command> = {}): Command {
  return {
    argv,
    env: { PATH: CLEAN_PATH },
    cwd: folder,
    timeoutMs: 10_000,
    graceMs: 300,
    secrets: [],
    ...more,
  };
}

async function run(argv: readonly string[], more: Partial<Command> = {}) {
  const { result, output } = await execute(command(argv, more)).ended;
  expect(executionResult.parse(result)).toEqual(result);
  return { result, text: output.toString('utf8') };
}

describe('arguments are arguments', () => {
  it.each([
    ['; rm -rf /', '; rm -rf /\n'],
    ['$(touch x)', '$(touch x)\n'],
    ['`id`', '`id`\n'],
    ['a\nb', 'a\nb\n'],
    ['* ? [a] {a,b} ~', '* ? [a] {a,b} ~\n'],
    ['-n', '-n\n'],
    ['\' " \\', '\' " \\\n'],
  ])('hands on %j as it is', async (argument, printed) => {
    const { result, text } = await run(['/usr/bin/printf', '%s\n', argument]);
    expect(result).toMatchObject({ ok: true, exitCode: 0 });
    expect(text).toBe(printed);
  });

  it('does not begin a program when an argument holds a NUL', async () => {
    const { result } = await run(['/bin/echo', 'a\0b']);
    expect(result).toMatchObject({ ok: false, exitCode: null });
    expect(result.spawnError).toContain('null bytes');
  });
});

describe('every way to fail is a field', () => {
  it('an exit status', async () => {
    const { result } = await run(['/bin/sh', '-c', 'exit 7']);
    expect(result).toMatchObject({ ok: false, exitCode: 7, signal: null, timedOut: false, cancelled: null });
  });

  it('a signal', async () => {
    const { result } = await run(['/bin/sh', '-c', 'kill -SEGV $$']);
    expect(result).toMatchObject({ ok: false, exitCode: null, signal: 'SIGSEGV' });
  });

  it('a program that is not there', async () => {
    const { result } = await run(['no-such-program']);
    expect(result).toMatchObject({ ok: false, exitCode: null, timedOut: false });
    expect(result.spawnError).toContain('ENOENT');
  });

  it('a time-out, with all that it started', async () => {
    const { result, text } = await run(['/bin/sh', '-c', 'sleep 60 & echo $$; wait'], { timeoutMs: 200 });
    expect(result).toMatchObject({ ok: false, timedOut: true, cancelled: null, signal: 'SIGTERM' });
    expect(groupAlive(Number(text))).toBe(false);
  });

  it('an order to stop; a group that ignores TERM is killed, and the time it took is told', async () => {
    const begun = path.join(folder, 'begun-deaf');
    const script = `trap "" TERM; sleep 60 & touch ${begun}; while :; do sleep 1; done`;
    const running = execute(command(['/bin/sh', '-c', script]));
    await expect.poll(() => existsSync(begun)).toBe(true);
    running.stop('veto');
    running.stop('again');
    const { result } = await running.ended;
    expect(result).toMatchObject({ ok: false, cancelled: 'veto', killed: true, signal: 'SIGKILL' });
    expect(result.stopMs).toBeGreaterThanOrEqual(300);
    expect(groupAlive(running.group ?? 0)).toBe(false);
  });

  it('is not ok when it was told to stop, even if it then ends with status 0', async () => {
    const begun = path.join(folder, 'begun-polite');
    const script = `trap "exit 0" TERM; touch ${begun}; while :; do sleep 0.05; done`;
    const running = execute(command(['/bin/sh', '-c', script]));
    await expect.poll(() => existsSync(begun)).toBe(true);
    running.stop('held');
    expect((await running.ended).result).toMatchObject({ ok: false, exitCode: 0, cancelled: 'held' });
  });

  it('tells of what it left behind in its group', async () => {
    const running = execute(command(['/bin/sh', '-c', 'sleep 60 & echo started']));
    const { result, output } = await running.ended;
    expect(result).toMatchObject({ ok: true, leftGroup: true });
    expect(output.toString()).toBe('started\n');
    process.kill(-(running.group ?? 0), 'SIGKILL');
  });
});

const CHANGES_A_PROGRAM = [
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'NODE_OPTIONS',
  'PATH',
  'BASH_ENV',
  'PYTHONPATH',
  'PYTHONSTARTUP',
];

describe('attack 36: the environment', () => {
  it('is clean, whatever the runner was started with', async () => {
    const bastion = {
      PATH: '/tmp/evil',
      LD_PRELOAD: '/tmp/evil.so',
      NODE_OPTIONS: '--require /tmp/evil.js',
      SHOP: 's',
    };
    const clean = cleanEnvironment({ env: { MODE: 'fast' }, passEnv: ['SHOP'] }, bastion);
    if (!clean.ok) throw new Error(clean.because);
    process.env['LD_PRELOAD_CANARY'] = 'x';
    const { text } = await run(['env'], { env: clean.env });
    delete process.env['LD_PRELOAD_CANARY'];
    const names = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['HOME', 'LANG', 'MODE', 'PATH', 'SHOP']));
    expect(text).toContain(`PATH=${CLEAN_PATH}\n`);
  });

  it('looks a program up on the clean path only', async () => {
    writeFileSync(path.join(folder, 'evil'), '#!/bin/sh\necho evil\n', { mode: 0o755 });
    const old = process.env['PATH'];
    process.env['PATH'] = folder;
    const { result } = await run(['evil']);
    process.env['PATH'] = old;
    expect(result.spawnError).toContain('ENOENT');
  });

  it.each(CHANGES_A_PROGRAM)('never hands %s through', (name) => {
    expect(cleanEnvironment({ env: {}, passEnv: [name] }, { [name]: 'x' })).toMatchObject({ ok: false });
  });

  it.each([...CHANGES_A_PROGRAM, 'ld_preload'])('takes no %s from the plan either', (name) => {
    expect(cleanEnvironment({ env: { [name]: 'x' }, passEnv: [] }, {})).toEqual({
      ok: false,
      because: `expected no variable that changes what a program is, got \`${name}\``,
    });
  });

  it('refuses a variable that the bastion lacks', () => {
    expect(cleanEnvironment({ env: {}, passEnv: ['GONE'] }, {})).toEqual({
      ok: false,
      because: 'expected the variable `GONE` on this bastion, got none',
    });
  });
});

describe('attack 40: output', () => {
  it('of 200 MB is counted, cut and does not fill the memory', async () => {
    const before = process.memoryUsage().rss;
    const { result, text } = await run([
      '/bin/sh',
      '-c',
      'echo first; head -c 200000000 /dev/zero; echo last',
    ]);
    expect(result.output).toMatchObject({ bytes: 200_000_011, truncated: true, invalidUtf8: false });
    expect(text.startsWith('first\n')).toBe(true);
    expect(text.endsWith('last\n')).toBe(true);
    expect(text.length).toBeLessThan(600_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it('that is no text is kept and said to be none', async () => {
    const { result } = await run(['/usr/bin/printf', 'a\\377\\376b']);
    expect(result.output).toMatchObject({ bytes: 4, invalidUtf8: true });
  });

  it('shown to people has no escape codes, no faked lines, no hidden characters', async () => {
    const shown: string[] = [];
    const text = 'ok\x1b[2J\x1b]0;title\x07\n\rDONE\u202e\u200b\n';
    writeFileSync(path.join(folder, 'esc'), text);
    await execute(command(['cat', 'esc']), (lines) => shown.push(...lines)).ended;
    expect(shown).toEqual(['ok\\x1b[2J\\x1b]0;title\\x07', '\\x0dDONE\\u202e\\u200b']);
  });

  it('has its secrets masked, also where one is split across writes', async () => {
    const { result, text } = await run(
      ['/bin/sh', '-c', 'printf "a hun"; sleep 0.2; printf "ter2 b hunter2"; printf hunt'],
      { secrets: ['hunter2'] },
    );
    expect(text).toBe('a [masked] b [masked]hunt');
    expect(result.output.digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  it('comes from both streams', async () => {
    const { text } = await run(['/bin/sh', '-c', 'echo out; echo err >&2']);
    expect(text.split('\n').toSorted()).toEqual(['', 'err', 'out']);
  });
});

it('leaves no file behind but its own', () => {
  expect(readFileSync(path.join(folder, 'esc'), 'utf8')).toContain('ok');
});
