import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from './client.ts';
import { AppError, errorEntry } from '../contract/errors.ts';
import { handoverAt, leaveExit, takeEnvironment, type Handover } from '../runner/handover.ts';
import { recordPane } from '../runner/record.ts';
import { redactText } from '../runner/redact.ts';
import { openSession } from '../runner/session.ts';
import type { RunnerSetting } from '../runner/run.ts';
import type { CliContext } from './context.ts';
import { credentials } from './credentials.ts';
import { runHere, type RunWish } from './run-here.ts';
import { runnerSetting } from './runner-setting.ts';

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
  let status = 1;
  try {
    const pane = env['TMUX_PANE'];
    if (pane !== undefined) await recordPane(pane, handover.recording);
    const ran = await runHere(inside, setting, wish);
    status = ran.status;
    await uploadRecording(setting, handover, ran.run);
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

/** The recording up to here: the recorder is another process, so it is given a moment to have written everything. */
async function uploadRecording(
  setting: RunnerSetting,
  handover: Handover,
  run: string | null,
): Promise<void> {
  if (run === null) return;
  await sleep(300);
  try {
    const text = redactText(await readFile(handover.recording, 'utf8'), setting.secrets);
    const bytes = Buffer.from(text);
    await openSession(setting.transport).uploadFile(run, { kind: 'recording', name: 'terminal.cast', bytes });
  } catch {
    setting.view.note(`the recording could not be sent; it is kept in ${handover.recording}`);
  }
}
