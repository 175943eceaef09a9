import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedTarget } from '../../contract/guarded-commands.ts';

/** How long names are looked up before the person is asked: whoever resolves an incident is not kept waiting. */
const LOOKUP_MS = 1_000;

/** What may be a host in an argument: `ana@db-1`, `db-1:5432`, `host=db-1`, `https://db-1/x`. */
const HOST =
  /^(?:[\w-]+=)?(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[a-z0-9_][a-z0-9_.-]*)(?::\d+)?(?:[/?].*)?$/i;

/**
 * The targets of a command: those that were said; else every argument that is an address or a name that leads somewhere, the
 * program itself left out; else this host. Each with what its name resolves to here.
 */
export async function targetsOf(argv: readonly string[], said: readonly string[]): Promise<GuardedTarget[]> {
  if (said.length > 0) return Promise.all(said.map(resolved));
  const names = [...new Set(argv.slice(1).flatMap(hostIn))];
  const found = (await Promise.all(names.map(resolved))).filter(({ addresses }) => addresses.length > 0);
  return found.length > 0 ? found : [await resolved(hostname())];
}

function hostIn(argument: string): string[] {
  if (argument.startsWith('-') && !argument.includes('=')) return [];
  const name = HOST.exec(argument)?.[1]?.replace(/^\[|\]$/g, '');
  // A plain number is a port, a count or an id long before it is an address.
  return name === undefined || /^\d+$/.test(name) ? [] : [name];
}

async function resolved(name: string): Promise<GuardedTarget> {
  if (isIP(name) !== 0) return { name, addresses: [name] };
  const none: { address: string }[] = [];
  const late = new AbortController();
  const found = await Promise.race([
    lookup(name, { all: true }).catch(() => none),
    sleep(LOOKUP_MS, none, { signal: late.signal, ref: false }).catch(() => none),
  ]);
  late.abort();
  return { name, addresses: found.map(({ address }) => address) };
}
