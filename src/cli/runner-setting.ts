import { appendFileSync } from 'node:fs';
import { multiplexerOf } from '../runner/tmux.ts';
import { openKeys, type Keys } from '../runner/keys.ts';
import { terminalPrompt } from '../runner/prompt.ts';
import type { RunnerSetting } from '../runner/run.ts';
import { stateFolder } from '../runner/state-folder.ts';
import { openView, type View } from '../runner/view.ts';
import type { ClientOptions } from './client.ts';
import type { CliContext } from './context.ts';
import { runnerTransport } from './runner-transport.ts';

/** Where a runner's lines go, beside the terminal. */
export interface SettingOptions {
  readonly who: ClientOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly scripts: string | null;
  /** A file of plain lines, for whoever follows without a terminal. */
  readonly log: string | null;
}

/** What a runner is given on this host, and the keyboard of the people at it. */
export type TerminalSetting = RunnerSetting & { readonly keys: Keys };

/** What a runner is given on this host. */
export function runnerSetting(context: CliContext, options: SettingOptions): TerminalSetting {
  const { who, env, scripts, log } = options;
  const view = viewOf(context, log);
  const keys = openKeys(process.stdin);
  return {
    transport: runnerTransport(who),
    multiplexer: multiplexerOf(env),
    state: stateFolder(env),
    planFolder: scripts,
    bastion: env,
    prometheusUrl: env['PROMETHEUS_URL'] ?? null,
    alertmanagerUrl: env['ALERTMANAGER_URL'] ?? null,
    secrets: [who.token, who.bastionKey].filter((secret) => secret !== null),
    view,
    keys,
    prompt: terminalPrompt(keys, view),
  };
}

/** A view on the terminal; what it writes goes into the log too, without what is drawn in place. */
export function viewOf(context: CliContext, log: string | null): View {
  return openView({
    isTerminal: context.interactive,
    size: () => ({ columns: process.stdout.columns ?? 120, rows: process.stdout.rows ?? 40 }),
    write: (text) => {
      context.stdout(text);
      if (log !== null && text.endsWith('\n')) appendLine(log, text);
    },
  });
}

/** What is shown is no record: a disk that is full keeps no step from being carried out to its end. */
function appendLine(log: string, text: string): void {
  try {
    appendFileSync(log, text);
  } catch {
    // The terminal has it.
  }
}
