import { describe, expect, test } from 'vitest';
import { register } from '../../src/cli/next.ts';
import { typed } from '../kit/command-line.ts';
import { runCommand } from '../kit/terminal.ts';

const next = (...argv: readonly string[]) =>
  runCommand(register, ['next', '--from', '2026-11-21T10:20:30Z', ...argv]);

describe('interlock next', () => {
  test('lists openings to the first and the last start', async () => {
    const ran = await next('--criticality', 'C2', '--minutes', '90', '--days', '3', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({
      environment: 'illumidesk.com',
      minutes: 90,
      openings: [
        { first: '2026-11-21T22:00:00Z', last: '2026-11-22T04:30:00Z' },
        { first: '2026-11-23T22:00:00Z', last: '2026-11-24T04:30:00Z' },
      ],
    });
  });

  test('says in its help where it begins in words', async () => {
    const { stdout } = await typed(['next', '--help']);
    expect(stdout).toContain('where to begin, instead of now\n');
  });

  test('draws them', async () => {
    const { stdout } = await next('--days', '2');
    expect(stdout).toMatch(/^Sun 2026-11-22 {2}█{11}·{7}▒{30}$/m);
    expect(stdout).toContain('Next opening: 2026-11-21T22:00:00Z, last start in it 2026-11-22T05:00:00Z.');
  });

  test('knows that a canary is free of soft locks, and refuses an environment that is none', async () => {
    const canary = await next(
      '--deployment',
      'canary',
      '--days',
      '2',
      '--json',
      '--from',
      '2026-11-22T12:00:00Z',
    );
    expect(JSON.parse(canary.stdout).openings[0]).toEqual({
      first: '2026-11-22T22:00:00Z',
      last: '2026-11-23T05:00:00Z',
    });
    expect(await next('--environment', 'staging.illumidesk.com')).toMatchObject({ status: 3 });
  });
});
