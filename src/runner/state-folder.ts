import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the runner keeps journals, outputs and recordings: `INTERLOCK_STATE`, else the user's state folder. */
export function stateFolder(env: Environment): string {
  const own = env['INTERLOCK_STATE'];
  if (own !== undefined && own !== '') return path.resolve(own);
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.local', 'state');
  return path.join(base, 'interlock');
}

/** The folders of one run; made if they are not there, for its user alone. */
export interface RunFolder {
  readonly root: string;
  readonly journal: string;
  /** Where steps are executed: they may hand each other files here. */
  readonly work: string;
  /** Where scripts that came from the server are laid out. */
  readonly plan: string;
  /** The bytes that were compared and are executed. */
  readonly scripts: string;
  readonly outputs: string;
}

export function runFolder(state: string, runId: string): RunFolder {
  if (!/^RUN-\d+$/.test(runId)) throw new Error(`expected a run such as \`RUN-7\`, got \`${runId}\``);
  const root = path.join(state, 'runs', runId);
  const folder = {
    root,
    journal: path.join(root, 'journal.jsonl'),
    work: path.join(root, 'work'),
    plan: path.join(root, 'plan'),
    scripts: path.join(root, 'scripts'),
    outputs: path.join(root, 'outputs'),
  };
  for (const each of [root, folder.work, folder.plan, folder.scripts, folder.outputs]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
  }
  return folder;
}
