import { userInfo } from 'node:os';
import { isLoaderVariable } from '../plan/loader-variable.ts';

/** Where a step's program is looked for, whatever the caller's own PATH says. */
export const CLEAN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a step says of its environment. */
export interface StepEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly passEnv: readonly string[];
}

export type CleanEnvironment =
  | { readonly ok: true; readonly env: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly because: string };

/**
 * The environment a step gets: PATH, HOME and LANG, the variables of the plan, and those of the bastion that the plan
 * names. Refused: a variable that would change what a program is, wherever its value comes from, and a named one that the
 * bastion does not have. The linter says so too; this asks nobody whether it was heard.
 */
export function cleanEnvironment(
  step: StepEnvironment,
  bastion: Readonly<Record<string, string | undefined>>,
): CleanEnvironment {
  const loader = [...Object.keys(step.env), ...step.passEnv].find(isLoaderVariable);
  if (loader !== undefined) {
    return { ok: false, because: `expected no variable that changes what a program is, got \`${loader}\`` };
  }
  const env: Record<string, string> = {
    PATH: CLEAN_PATH,
    HOME: userInfo().homedir,
    LANG: 'C.UTF-8',
    ...step.env,
  };
  for (const name of step.passEnv) {
    const value = bastion[name];
    if (value === undefined) {
      return { ok: false, because: `expected the variable \`${name}\` on this bastion, got none` };
    }
    env[name] = value;
  }
  return { ok: true, env };
}

/** The values of the bastion's variables that must appear in no record, longest first; with the passwords inside addresses. */
export function secretsOf(
  names: readonly string[],
  bastion: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const secrets = new Set<string>();
  for (const name of names) {
    const value = bastion[name] ?? '';
    secrets.add(value);
    for (const line of value.split(/\r?\n/)) secrets.add(line);
    const password = URL.parse(value)?.password ?? '';
    secrets.add(password);
    secrets.add(decoded(password));
  }
  secrets.delete('');
  return [...secrets].toSorted((a, b) => b.length - a.length);
}

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|KEY|CREDENTIALS?)$/i;
/** A shorter value stands in too much else. */
const SHORTEST_SECRET = 6;

/** The values of variables that are secrets by their names, and of addresses with a password, longest first. */
export function secretsByName(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) || (URL.parse(value)?.password ?? '') !== '' ? [name] : [],
  );
  return secretsOf(names, env).filter((secret) => secret.length >= SHORTEST_SECRET);
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
