import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startInterlock } from './interlock.ts';
import { assemble } from './people.ts';
import { pathOf } from './production/binaries.ts';
import { freePort, isFree } from './production/program.ts';
import { startProduction } from './production/production.ts';
import { tellStory, untilProven } from './story.ts';
import { bold, chapter, elapsedSeconds, good, tell } from './tell.ts';

const ENVIRONMENT = 'shop.example';
const USUAL_PORT = 8420;

/** What has to be ended, in the order it was begun. */
const started: { stop(): Promise<void> }[] = [];

async function begin<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  started.push(one);
  return one;
}

async function stopAll(): Promise<void> {
  for (const one of started.splice(0).toReversed()) await one.stop();
}

async function demonstrate(folder: string) {
  await mkdir(folder, { recursive: true });
  chapter('A small production comes up');
  const binaries = { prometheus: pathOf('prometheus'), alertmanager: pathOf('alertmanager') };
  const production = await begin(startProduction(path.join(folder, 'production'), ENVIRONMENT, binaries));
  tell(
    `a shop on ${production.shopUrl}, its PostgreSQL, and a Prometheus and an Alertmanager that watch them`,
  );
  const interlock = await begin(
    startInterlock({
      folder,
      policy: path.join(import.meta.dirname, 'policy.yaml'),
      port: (await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort(),
      prometheusUrl: production.monitoring.prometheusUrl,
      alertmanagerUrl: production.monitoring.alertmanagerUrl,
    }),
  );
  tell(`Interlock on ${interlock.url}, with a PostgreSQL of its own`);
  const tmuxFolder = (await begin(startTmuxFolder())).folder;
  const cast = await assemble(interlock, {
    folder,
    tmuxFolder,
    environment: ENVIRONMENT,
    databaseUrl: production.databaseUrl,
    prometheusUrl: production.monitoring.prometheusUrl,
    alertmanagerUrl: production.monitoring.alertmanagerUrl,
  });
  await untilProven({ interlock, cast }, { environment: ENVIRONMENT, criticality: 'C4', severity: 'S4' });
  tell(good('monitoring has proven that it lives'));
  await tellStory({ interlock, cast, production });
  return { interlock };
}

/** A place for the sockets of the demo's own tmux server, which is ended with whatever still runs in it. */
async function startTmuxFolder() {
  const own = await mkdtemp(path.join(tmpdir(), 'interlock-demo-'));
  return {
    folder: own,
    async stop() {
      const env = { ...process.env, TMUX_TMPDIR: own };
      await new Promise((resolve) => execFile('tmux', ['-L', 'interlock', 'kill-server'], { env }, resolve));
      await rm(own, { recursive: true, force: true });
    },
  };
}

const [flag, ...rest] = process.argv.slice(2);
if ((flag !== undefined && flag !== '--once') || rest.length > 0) {
  console.error(`expected nothing or \`--once\`, got \`${process.argv.slice(2).join(' ')}\``);
  process.exit(3);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exitCode = flag === '--once' ? 1 : 0;
    void stopAll()
      .then(() => rm(folder, { recursive: true, force: true }))
      .finally(() => process.exit());
  });
}
const folder = path.resolve('.demo', `${process.pid}`);
try {
  const { interlock } = await demonstrate(folder);
  chapter('Done');
  tell(
    `One change ran from its plan to a proven end, one was stopped while the metrics were dead: ${elapsedSeconds().toFixed(0)} s.`,
  );
  tell(`Every verdict stands in the ledger, with its facts. ${bold(interlock.url)}`);
  if (flag !== '--once') {
    tell(`Sign in there with the token in ${path.join(folder, 'admin-token')}; Ctrl-C ends everything.`);
    // Until a signal ends it: the pages are there to be looked at.
    await new Promise(() => undefined);
  }
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stopAll();
  // What went wrong is looked up in its logs; of what went well nothing need stay.
  if (!process.exitCode) await rm(folder, { recursive: true, force: true });
}
