import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWithPatience } from '../../demo/story.ts';

const root = path.resolve(import.meta.dirname, '../..');
const LIMIT_MS = 240_000;

function run(program: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}

/** What demos have left in the checkout. */
function folders(): string[] {
  const all = path.join(root, '.demo');
  return existsSync(all) ? readdirSync(all).toSorted() : [];
}

/** Command lines of everything that runs and names a text. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(text) ? [command] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

describe('the demo', () => {
  it(
    'takes a change to its proven end, refuses one while the metrics are dead, and leaves nothing running',
    async () => {
      const before = folders();
      const { status, output } = await run('bin/interlock.js', ['demo', '--once']);
      expect(status, output).toBe(0);
      const story = [
        /CHG-1 opened/,
        /dry run 1 of CHG-1: ok/,
        /CHG-1 is scheduled/,
        /interlock approve CHG-1 --as eoc --for start --on chat/,
        /dry run \d: ok, the same/,
        /new value is read back: .*got `8MB`/,
        /RUN-1: succeeded/,
        /The ledger verifies/,
        /Prometheus is stopped, for real/,
        /metrics-available: .*prometheus failed the liveness proof/,
        /RUN-2: succeeded/,
        /The ledger verifies/,
        /http:\/\/127\.0\.0\.1:\d+/,
      ];
      let from = 0;
      for (const line of story) {
        const found = output.slice(from).search(line);
        expect(found, `expected ${line} next in:\n${output.slice(from)}`).toBeGreaterThanOrEqual(0);
        from += found + 1;
      }
      // The second change did not start before the metrics were back.
      expect(output.indexOf('RUN-2')).toBeGreaterThan(output.indexOf('Prometheus is started again'));
      expect(folders()).toEqual(before);
      expect(processesNaming(path.join(root, '.demo'))).toEqual([]);
    },
    LIMIT_MS,
  );

  it('ends where its run is held again and again: its executor looks again, then gives up', async () => {
    const typed: string[] = [];
    const hold = '⏸ held, waits for a person (watched): the shop is slow.';
    const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
    const interlock = {
      // What the command line would say on a machine that stays too busy for the whole demo.
      run: async (_env: unknown, [act = '', id = '']: readonly string[], onLine?: (line: string) => void) => {
        typed.push(`${act} ${id}`);
        if (act === 'run') {
          for (let times = 0; times < 6; times += 1) onLine?.(hold);
          await given;
        }
        if (act === 'abort') giveUp();
        return { status: act === 'run' ? 1 : 0, output: hold };
      },
    };
    const cast = { as: () => ({}), onBastion: () => ({}) };
    const ran = await runWithPatience({ interlock, cast }, 'CHG-1', 0);
    expect(ran.status).toBe(1);
    expect(typed).toEqual(['run CHG-1', ...Array.from({ length: 5 }, () => 'resume CHG-1'), 'abort CHG-1']);
  });

  it('says what it expected of its arguments', async () => {
    const { status, output } = await run('demo/main.ts', ['--twice']);
    expect(status).toBe(3);
    expect(output).toBe('expected nothing or `--once`, got `--twice`\n');
  });
});
