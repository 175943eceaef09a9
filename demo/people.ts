import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Interlock } from './interlock.ts';

/** The people of the demo, their standing roles and the rota they are on. */
const PEOPLE = {
  ana: { is: 'author', roles: [], rota: null },
  ben: { is: 'executor', roles: [], rota: null },
  rhea: { is: 'reviewer', roles: ['reviewer'], rota: null },
  cora: { is: 'engineer on call', roles: [], rota: 'eoc' },
  ira: { is: 'incident manager on call', roles: [], rota: 'imoc' },
} as const;
export type PersonName = keyof typeof PEOPLE;

const HOUR_MS = 3_600_000;

/** Environment of the command line for each person: who asks is their token; on the bastion its key too. */
export interface Cast {
  as(person: PersonName): Readonly<Record<string, string>>;
  onBastion(person: PersonName): Readonly<Record<string, string>>;
}

/** Where the demo plays. */
export interface Setting {
  readonly folder: string;
  readonly tmuxFolder: string;
  readonly environment: string;
  readonly databaseUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
}

/** Makes the accounts, puts two of them on call from now on, and registers this host as the bastion of the environment. */
export async function assemble(
  interlock: Interlock,
  { folder, tmuxFolder, environment, databaseUrl, prometheusUrl, alertmanagerUrl }: Setting,
): Promise<Cast> {
  const { ask, adminToken: admin } = interlock;
  const tokens = new Map<string, string>();
  for (const [name, { is, roles }] of Object.entries(PEOPLE)) {
    await ask(admin, 'POST', '/people', { name, displayName: `${name}, ${is}` });
    for (const role of roles) await ask(admin, 'PUT', `/people/${name}/roles/${role}`);
    const issued = await ask(admin, 'POST', `/people/${name}/tokens`, { label: 'demo' });
    tokens.set(name, textField(issued, 'secret'));
  }
  const span = {
    start: new Date(Date.now() - HOUR_MS).toISOString(),
    end: new Date(Date.now() + 24 * HOUR_MS).toISOString(),
  };
  await ask(admin, 'PUT', '/rota', {
    eoc: [{ person: 'cora', ...span }],
    imoc: [{ person: 'ira', ...span }],
  });
  // The one exception of the demo, said aloud by each of its runs: as root, as in a container, it has no other user.
  const privileged = process.getuid?.() === 0;
  const bastion = await ask(admin, 'POST', '/bastions', {
    name: 'bastion-1.shop.example',
    environment,
    privileged,
  });
  const keyFile = path.join(folder, 'bastion-key');
  await writeFile(keyFile, textField(bastion, 'key'), { mode: 0o600 });
  const sql = path.join(folder, 'shop-sql');
  // A step is given a clean PATH, so the tool names its own Node.
  const tool = [process.execPath, path.join(import.meta.dirname, 'production/sql.mjs')].map(quoted).join(' ');
  await writeFile(sql, `#!/bin/sh\nexec ${tool} "$@"\n`, { mode: 0o755 });
  const as = (person: PersonName) => ({ INTERLOCK_TOKEN: tokens.get(person) ?? '' });
  return {
    as,
    onBastion: (person) => ({
      ...as(person),
      INTERLOCK_BASTION_KEY_FILE: keyFile,
      INTERLOCK_STATE: path.join(folder, 'runner'),
      // What the plan's checks and steps find the database by: on a real bastion its operator sets them.
      SHOP_DATABASE_URL: databaseUrl,
      SHOP_SQL: sql,
      PROMETHEUS_URL: prometheusUrl,
      ALERTMANAGER_URL: alertmanagerUrl,
      // A tmux server of the demo's own, which ends with it.
      TMUX_TMPDIR: tmuxFolder,
    }),
  };
}

/** Who is who, in one line. */
export function castText(): string {
  return Object.entries(PEOPLE)
    .map(([name, { is }]) => `${name} (${is})`)
    .join(', ');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function textField(value: unknown, field: string): string {
  const found =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
  if (typeof found !== 'string')
    throw new Error(`expected \`${field}\` in the server's answer, got \`${JSON.stringify(value)}\``);
  return found;
}
