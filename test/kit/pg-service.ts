import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A pg_service.conf, as bastions have one, so that no address stands in a plan. */
export interface PgServices {
  readonly file: string;
  clear(): void;
}

/** Writes one with a section for each address. */
export function pgServices(urls: Readonly<Record<string, string>>): PgServices {
  const folder = mkdtempSync(path.join(tmpdir(), 'interlock-services-'));
  const file = path.join(folder, 'pg_service.conf');
  const sections = Object.entries(urls).map(([name, address]) => {
    const { hostname, port, pathname, username, password, searchParams } = new URL(address);
    // A server that listens on a socket alone is named in the query.
    const host = searchParams.get('host') ?? hostname;
    const values = { host, port, dbname: pathname.slice(1), user: username, password };
    const lines = Object.entries(values).filter(([, value]) => value !== '');
    return [`[${name}]`, ...lines.map(([key, value]) => `${key}=${decodeURIComponent(value)}`)].join('\n');
  });
  writeFileSync(file, `${sections.join('\n')}\n`, { mode: 0o600 });
  return { file, clear: () => rmSync(folder, { recursive: true, force: true }) };
}
