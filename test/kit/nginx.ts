import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Certified } from './certificate.ts';
import { freePort, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** A real nginx on two free loopback ports. */
export interface TestNginx {
  readonly http: number;
  readonly https: number;
  /** What it serves by: key.pem, chain.pem and nginx.conf. */
  readonly folder: string;
  /** The arguments by which nginx works on this configuration. */
  readonly argv: readonly string[];
  /** HUP: it reads its configuration again, in its own time. */
  reload(): void;
  /** Ends it and starts it anew, by what its folder has by then. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an nginx with these locations, in the words of its configuration, and this certificate. */
export async function startNginx(locations: string, { key, chain }: Certified): Promise<TestNginx> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-nginx-'));
  const [http, https] = [await freePort(), await freePort()];
  const file = (name: string) => path.join(folder, name);
  await writeFile(file('key.pem'), key);
  await writeFile(file('chain.pem'), chain);
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(
    file('nginx.conf'),
    `
daemon off;
master_process off;
pid ${file('pid')};
error_log ${file('error.log')};
events { }
http {
  access_log off;
  ${kept.map((name) => `${name}_temp_path ${file(name)};`).join('\n  ')}
  server {
    listen 127.0.0.1:${http};
    listen 127.0.0.1:${https} ssl;
    ssl_certificate ${file('chain.pem')};
    ssl_certificate_key ${file('key.pem')};
    location = /ready { return 200; }
    ${locations}
  }
}
`,
  );
  const argv = [programPath('nginx'), '-p', folder, '-c', file('nginx.conf')] as const;
  const launch = () =>
    startLoopbackProcess(argv, { readyUrl: `http://127.0.0.1:${http}/ready`, logFile: file('log') });
  let running = await launch();
  return {
    http,
    https,
    folder,
    argv,
    reload: () => void process.kill(running.pid, 'SIGHUP'),
    async restart() {
      await running.stop();
      running = await launch();
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
