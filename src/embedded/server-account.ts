import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** Under which user PostgreSQL runs, and how it gets there. It refuses to run as root. */
export interface ServerAccount {
  /** Put before the program's own arguments. */
  readonly prefix: readonly string[];
  /** Set by the system call when the program is started; absent where nothing changes. */
  readonly ids?: { readonly uid: number; readonly gid: number };
  /** Who owns the cluster's files, seen from outside. */
  readonly owner: number;
}

/** nobody and nogroup on Debian and its kin. */
export const NOBODY = 65534;
const MAPPED = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/**
 * Chooses how the server runs. As root it runs in a user namespace that shows it another uid: no user is made, the files
 * stay root's and lie under a closed home. Where the system refuses namespaces it runs as `nobody`, who then has to reach
 * the folder. A user without a name (a container with a made-up uid) needs the namespace too, because initdb asks for it.
 */
export function chooseAccount(): ServerAccount {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0 && hasName()) return { prefix: [], owner: uid };
  if (namespacesWork()) return { prefix: MAPPED, owner: uid };
  if (uid === 0) return { prefix: [], ids: { uid: NOBODY, gid: NOBODY }, owner: NOBODY };
  return { prefix: [], owner: uid };
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function namespacesWork(): boolean {
  const [program = '', ...rest] = MAPPED;
  return spawnSync(program, [...rest, 'true'], { stdio: 'ignore', timeout: 5_000 }).status === 0;
}
