import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A host as others log in to it. */
export interface TestHost {
  /** What its init does when it is told so, by `verb unit` such as `reload nginx`; a text is what it answers. */
  readonly systemctl?: Readonly<Record<string, () => unknown>>;
  /** Programs that are another there than here, each as a line of shell. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Folders of it that lie elsewhere here, by their paths there; only what `sudo` is handed leads to them. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Variables that everything on it has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A PATH whose `ssh` does on this machine what it is told to do on a host that the test names. */
export interface TestHosts {
  readonly PATH: string;
  stop(): Promise<void>;
}

/**
 * Stands in for what cannot run here: a daemon that lets others in, and an init. `ssh` hands its words to a shell as the
 * real one does, `sudo` does what it is told, and `systemctl` does what the test says. What they work on is real.
 */
export async function testHosts(
  hosts: Readonly<Record<string, TestHost>>,
  programs: readonly string[] = [],
): Promise<TestHosts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'interlock-hosts-'));
  const init = await startInit(hosts);
  const found = [...programs, process.env['PATH'] ?? ''].join(':');
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  };
  write('bin/ssh', SSH.replaceAll('FOLDER', folder));
  for (const [name, { env = {}, programs: own = {}, folders = {} }] of Object.entries(hosts)) {
    const bin = `${name}/bin`;
    const variables = Object.entries({ ...env, PATH: `${folder}/${bin}:${found}` });
    const words = variables.map(([key, value]) => `'${key}=${value}'`).join(' ');
    write(`${name}/on`, `exec env ${words} /bin/sh -c "$1"`);
    for (const [program, line] of Object.entries(own)) write(`${bin}/${program}`, line);
    write(`${bin}/sudo`, sudo(folders));
    const ask = `curl --silent --fail-with-body --max-time 30 --data-urlencode "told=$*"`;
    write(`${bin}/systemctl`, `exec ${ask} '${init.url}/${name}'`);
  }
  return {
    PATH: `${folder}/bin:${found}`,
    stop: async () => {
      await init.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Does what it is told, as whoever is asked for, in the folders of its host. */
function sudo(folders: Readonly<Record<string, string>>): string {
  const lead = Object.entries(folders).map(([there, here]) => `s|^${there}|${here}|`);
  const led = `for word do
  shift
  set -- "$@" "$(printf '%s\\n' "$word" | sed '${lead.join(';')}')"
done
`;
  return `while :; do case $1 in -n) shift ;; -u) shift 2 ;; *) break ;; esac; done
${lead.length === 0 ? '' : led}exec "$@"`;
}

const SSH = `
while [ "$1" = -o ]; do shift 2; done
host=$1
shift
[ -x "FOLDER/$host/on" ] || { echo "ssh: no host $host" >&2; exit 255; }
exec "FOLDER/$host/on" "$*"`;

/** Hears what the hosts' `systemctl` is told, and does it. */
async function startInit(hosts: Readonly<Record<string, TestHost>>) {
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const told = new URLSearchParams(body).get('told') ?? '';
      const act = hosts[(request.url ?? '').slice(1)]?.systemctl?.[told];
      try {
        if (act === undefined) throw new Error(`no such unit: ${told}`);
        const said = await act();
        response.writeHead(200).end(typeof said === 'string' ? said : '');
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
