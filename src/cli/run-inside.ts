import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from './client.ts';
import { AppError, errorEntry } from '../contract/errors.ts';
import { handoverAt, leaveExit, takeEnvironment } from '../runner/handover.ts';
import { recordPane } from '../runner/record.ts';
import { recordingSender } from '../runner/recording.ts';
import { secretsByName } from '../runner/environment.ts';
import type { CliContext } from './context.ts';
import { credentials } from './credentials.ts';
import { runHere, type RunWish } from './run-here.ts';
import { runnerSetting } from './runner-setting.ts';

/** What a killed runner's last words are worth: its recording is at most so old at the server. */
const SEND_EVERY_MS = 15_000;
/** How far those who look on are behind, about. */
const SHOW_EVERY_MS = 1_000;

/** The runner inside the session: its environment is handed over, the pane recorded, the exit status left in a file. */
export async function runInside(
  context: CliContext,
  folder: string,
  { wish, scripts }: { readonly wish: RunWish; readonly scripts: string | null },
): Promise<number> {
  const handover = handoverAt(folder);
  const env = { ...takeEnvironment(handover), ...inherited(context.env) };
  const who = credentials({}, env);
  const inside: CliContext = { ...context, env, interactive: true, client: () => createClient(who) };
  const setting = runnerSetting(inside, { who, env, scripts, log: handover.log });
  const secrets = [...setting.secrets, ...secretsByName(env)];
  const recording = recordingSender(setting.transport, handover.recording, {
    secrets,
    everyMs: SEND_EVERY_MS,
    showEveryMs: SHOW_EVERY_MS,
  });
  let status = 1;
  try {
    const pane = env['TMUX_PANE'];
    if (pane !== undefined) await recordPane(pane, handover.recording, secrets);
    const ran = await runHere(inside, setting, wish, (run, epoch) => recording.start(run, epoch));
    status = ran.status;
    // The recorder is another process: it is given a moment to have written everything.
    await sleep(300);
    if (!(await recording.stop()))
      setting.view.note(`the recording could not be sent to its end; it is kept in ${handover.recording}`);
  } catch (error) {
    status = error instanceof AppError ? errorEntry(error.code).exit : 1;
    setting.view.note(`interlock: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    leaveExit(handover, status);
  }
  return status;
}

/** What tmux sets for what runs inside it; all else is the caller's. */
function inherited(env: CliContext['env']): Record<string, string | undefined> {
  const { TMUX, TMUX_PANE, TERM } = env;
  return { TMUX, TMUX_PANE, TERM };
}
