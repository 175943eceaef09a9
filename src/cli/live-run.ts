import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { RunInList } from '../contract/run-list.ts';
import { runView, type RunView } from '../contract/runs.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';

/** The answer to a question for runs. */
export const runs = z.object({ runs: z.array(runView) });

/** The live run that a person names by its change or by itself. @throws {AppError} where there is none. */
export async function liveRun(context: CliContext, name: string): Promise<RunView> {
  if (/^RUN-\d+$/.test(name)) return context.client().ask('GET', `/api/v1/runs/${name}`, { answer: runView });
  const path = `/api/v1/changes/${encodeURIComponent(name)}/runs`;
  const live = (await context.client().ask('GET', path, { answer: runs })).runs.find(
    ({ endedAt }) => endedAt === null,
  );
  if (live === undefined) throw new AppError('not_found', `expected a live run of \`${name}\`, got none`);
  return live;
}

/** Says a word about a run, and shows what it made of it. */
export async function say(context: CliContext, name: string, word: string, body: unknown): Promise<RunView> {
  const { id } = await liveRun(context, name);
  const run = await context.client().ask('POST', `/api/v1/runs/${id}/${word}`, { body, answer: runView });
  print(context, runLines(run));
  return run;
}

/** A run in a few lines: where it stands, why it is held, its steps. */
export function runLines(run: RunView): readonly string[] {
  return [
    ...standsAt(run),
    ...run.steps
      .filter(({ list, state }) => list === 'steps' || state !== 'pending')
      .map(
        ({ list, position, name, state, because }) =>
          `  ${list} ${position + 1} ${name}: ${state}${because === null ? '' : ` (${because})`}`,
      ),
  ];
}

/** A run of the list of all: where it stands, why it is held, how far it is. */
export function runInListLines(run: RunInList): readonly string[] {
  const { list, done, of, at } = run.progress;
  return [...standsAt(run), `  ${list}: ${done} of ${of} done${at === null ? '' : `, now ${at}`}`];
}

function standsAt(run: Omit<RunView, 'steps'>): readonly string[] {
  const { hold } = run;
  const wanted = run.holdWanted ? ', to be held at the next safe place' : '';
  return [
    `${run.id} of ${run.change}: ${run.state}${wanted}, epoch ${run.epoch}, ${run.runnerAlive ? `runner on ${run.host}` : 'no runner'}`,
    ...(hold === null
      ? []
      : [
          `  held since ${hold.since} (${hold.cause})${hold.by === null ? '' : ` by ${hold.by}`}: ${hold.because}`,
        ]),
  ];
}
