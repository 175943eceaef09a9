import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import type { RunView } from '../contract/runs.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { note } from './print.ts';

const EVERY_MS = 500;

/** `interlock rollback CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('rollback <run>')
    .description('undo every step that may have acted, the last one first; a run that goes on is held first')
    .requiredOption('--because <text>', 'why')
    .action(
      action(context, async (name: string, { because }: { because: string }) => {
        const { liveRun, say } = await import('./live-run.ts');
        const run = await liveRun(context, name);
        if (run.state !== 'held') await holdFirst(context, run, because);
        await say(context, run.id, 'roll-back', { because });
        return 0;
      }),
    );
}

/** Holds at once and waits for the step under way: stopped if it may be, else finished. */
async function holdFirst(context: CliContext, run: RunView, because: string): Promise<void> {
  const { runView } = await import('../contract/runs.ts');
  const path = `/api/v1/runs/${run.id}`;
  await context.client().ask('POST', `${path}/hold`, { body: { because, now: true }, answer: runView });
  note(context, 'holding it first');
  for (;;) {
    const now = await context.client().ask('GET', path, { answer: runView });
    if (now.endedAt !== null)
      throw new AppError('conflict', `expected a live run, got one that is \`${now.state}\``);
    const open = now.steps.some(({ state }) => state === 'granted' || state === 'running');
    if (now.state === 'held' && !open) return;
    await sleep(EVERY_MS);
  }
}
