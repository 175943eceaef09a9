import { existsSync } from 'node:fs';
import type { AppContext, Log } from './app/context.ts';
import { deliverDue } from './app/deliver.ts';
import { signNow, watchLedger } from './app/ledger-watch.ts';
import { rereadDirectory } from './app/identity/directory.ts';
import { heedAlerts } from './app/incident/heed-alerts.ts';
import { putPolicyInForce } from './app/policy-in-force.ts';
import { noteMonitoringBack, openMonitoringIncident } from './app/monitoring/open-incident.ts';
import { watchMonitoring } from './app/monitoring/watch.ts';
import { firstAdministrator } from './app/people/first-administrator.ts';
import { informAudiences } from './app/audience/inform.ts';
import { remindInChat } from './app/notice/remind.ts';
import { listenToPeers } from './app/outside/hear.ts';
import { noteCalendar } from './app/calendar/keep-event.ts';
import { noteIssues } from './app/tracker/keep-issue.ts';
import { carry, queuesOf } from './app/outside/carry.ts';
import { readConnections } from './app/outside/look.ts';
import { repeat, type Repeated } from './app/repeat.ts';
import { sweepClaims } from './app/claim/sweep.ts';
import { tellOfRunAlerts } from './app/run/alerts.ts';
import { markChanges } from './app/run/mark.ts';
import { endSilencesOfRuns } from './app/silence/end.ts';
import { askForEoc } from './app/run/ask-eoc.ts';
import type { RunTiming } from './app/run/timing.ts';
import { sweepLeases } from './app/run/sweep.ts';
import { sweepWaits } from './app/run/wait-sweep.ts';
import { askPeersByTheClock } from './app/gate/ask-peers.ts';
import { scheduledJobs } from './app/scheduled.ts';
import { feedWebhooks } from './app/webhook/feed.ts';
import { sendWebhooks } from './app/webhook/send.ts';
import { writeSecret } from './cli/secret-file.ts';
import type { Config } from './config.ts';
import { AppError } from './contract/errors.ts';
import { startEmbedded } from './embedded/server.ts';
import { buildServer } from './http/server.ts';
import { connect, loadPolicy, openContext, startedBy } from './open-context.ts';
import { packagePath } from './package-path.ts';
import { readPlansAside } from './read-plans-aside.ts';
import { ofDatabase } from './reach-database.ts';
import { migrate } from './store/migrate.ts';
import { runningChanges } from './store/run-facts.ts';
import { keepSchedule } from './store/schedule.ts';
import { forgetAttempts } from './store/sessions.ts';
import { forgetFlows } from './store/sign-in-flows.ts';
import { noteTokenUse } from './store/tokens.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** A server that answers. */
export interface Serving {
  readonly url: string;
  /** Stops everything that was started, in reverse; what is under way is finished first. */
  stop(): Promise<void>;
}

export interface ServeTold {
  readonly version: string;
  readonly log: Log;
  /** Writes a line for the person at the terminal. */
  readonly tell: (line: string) => void;
  /** Other spans of time than the shipped ones. Nothing that an operator can set gives it: `interlock serve` has no say in it. */
  readonly runTiming?: RunTiming;
}

type Closers = (() => Promise<unknown>)[];

/**
 * Starts the server: policy, database, migrations, the end of the ledger verified, the first administrator, what runs beside,
 * HTTP. Where one of them fails, what was started is stopped again.
 */
export async function serve(config: Config, told: ServeTold): Promise<Serving> {
  const closers: Closers = [];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const context = await startContext(config, told, closers);
    await introduceAdministrator(context, config, told);
    // A directory with mistakes keeps the server from starting; later ones are logged, and change nothing.
    await rereadDirectory(context);
    startJobs(context, closers);
    const url = await listen(context, config, told, closers);
    scheduleJobs(context, closers);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startContext(
  config: Config,
  { log, runTiming }: ServeTold,
  closers: Closers,
): Promise<AppContext> {
  // First of all: a policy that cannot be read keeps everything from starting.
  const policy = await loadPolicy(config);
  const url = config.databaseUrl ?? (await startDatabase(config, log, closers));
  const db = connect(url, log);
  closers.push(() => db.destroy());
  const applied = await migrate(db).catch((cause: unknown) => {
    throw ofDatabase(config, cause);
  });
  if (applied.length > 0) log.info({ applied }, 'migrated the database');
  const plans = readPlansAside(policy.policy);
  closers.push(plans.close);
  const opened = await openContext(config, db, { policy, log, plans });
  const context = runTiming === undefined ? opened : { ...opened, runTiming };
  closers.push(() => context.feed.stop());
  const watch = await watchLedger(context);
  closers.push(async () => {
    await watch.stop();
    await signLast(context);
  });
  await putPolicyInForce(context, startedBy());
  return context;
}

/** What was recorded since the last checkpoint is signed too, as far as that is possible now. */
async function signLast(context: AppContext): Promise<void> {
  try {
    if (context.ledger.frozen === null) await signNow(context);
  } catch (error) {
    context.log.warn(
      { error: String(error) },
      'the newest entries could not be signed; the next start does it',
    );
  }
}

async function startDatabase({ dataDir }: Config, log: Log, closers: Closers): Promise<string> {
  const embedded = await startEmbedded({ dataDir, log: (line) => log.info({}, line) });
  closers.push(() => embedded.stop());
  return embedded.url;
}

async function introduceAdministrator(
  context: AppContext,
  config: Config,
  { tell }: ServeTold,
): Promise<void> {
  const first = await firstAdministrator(context);
  if (!first) return;
  if (config.adminTokenFile !== null) {
    await writeSecret(config.adminTokenFile, first.token);
    tell(`First administrator \`${first.name}\` made; the token is in ${config.adminTokenFile}.`);
    return;
  }
  tell(
    `First administrator \`${first.name}\` made. The token, shown this once, good until ${first.expiresAt.toISOString()}:`,
  );
  tell(`  ${first.token}`);
}

function startJobs(context: AppContext, closers: Closers): void {
  const { db, log, usedTokens } = context;
  const noteUse = async () => {
    const ids = [...usedTokens];
    if (ids.length === 0) return;
    await noteTokenUse(db, ids);
    for (const id of ids) usedTokens.delete(id);
  };
  const tidy = () => Promise.all([forgetAttempts(db), forgetFlows(db)]);
  const jobs = [
    watchMonitoring(context, {
      onDead: (environment, dead) => openMonitoringIncident(context, environment, dead),
      onAlive: (environment) => noteMonitoringBack(context, environment),
    }),
    repeat(log, { name: 'lease sweep', everyMs: SECOND_MS, work: () => sweepLeases(context) }),
    repeat(log, { name: 'claim sweep', everyMs: SECOND_MS, work: () => sweepClaims(context) }),
    repeat(log, { name: 'wait sweep', everyMs: SECOND_MS, work: () => sweepWaits(context) }),
    repeat(log, { name: 'issues', everyMs: SECOND_MS, work: () => noteIssues(context) }),
    repeat(log, { name: 'calendar', everyMs: 5 * SECOND_MS, work: () => noteCalendar(context) }),
    repeat(log, { name: 'delivery', everyMs: SECOND_MS, work: () => deliverDue(context) }),
    ...carrying(context),
    ...besideRuns(context),
    ...listenToPeers(context),
    repeat(log, { name: 'reminders', everyMs: 5 * SECOND_MS, work: () => remindInChat(context) }),
    repeat(log, { name: 'webhook feed', everyMs: SECOND_MS, work: () => feedWebhooks(context) }),
    repeat(log, { name: 'webhooks', everyMs: SECOND_MS, work: () => sendWebhooks(context) }),
    repeat(log, { name: 'asking the EOC', everyMs: 10 * SECOND_MS, work: () => askForEoc(context) }),
    repeat(log, { name: 'peers', everyMs: 20 * SECOND_MS, work: () => askPeersByTheClock(context) }),
    repeat(log, { name: 'gauges', everyMs: 5 * SECOND_MS, work: () => gauge(context) }),
    repeat(log, { name: 'token use', everyMs: 30 * SECOND_MS, work: noteUse }),
    repeat(log, { name: 'tidying', everyMs: HOUR_MS, work: tidy }),
  ];
  const settings = context.policy.file.incidents.alertmanager;
  if (settings !== null && context.alerts.source !== null) {
    const work = () => heedAlerts(context, { settings, delivery: null });
    jobs.push(repeat(log, { name: 'alerts', everyMs: settings.every, work }));
  }
  closers.push(async () => {
    await Promise.all(jobs.map((job) => job.stop()));
    await noteUse().catch((error: unknown) =>
      log.warn({ error: String(error) }, 'the last use of some tokens could not be noted'),
    );
  });
}

/** What others have to know of what is executed. */
function besideRuns(context: AppContext): Repeated[] {
  const { log } = context;
  return [
    repeat(log, { name: 'audiences', everyMs: 5 * SECOND_MS, work: () => informAudiences(context) }),
    repeat(log, { name: 'marks', everyMs: 5 * SECOND_MS, work: () => markChanges(context) }),
    repeat(log, { name: 'alerts of runs', everyMs: 15 * SECOND_MS, work: () => tellOfRunAlerts(context) }),
    repeat(log, { name: 'silences', everyMs: 5 * SECOND_MS, work: () => endSilencesOfRuns(context) }),
  ];
}

/** A job a queue of each peer: one that hangs keeps no other waiting. */
function carrying(context: AppContext): Repeated[] {
  return queuesOf(context).map(({ connection, direction }) =>
    repeat(context.log, {
      name: `${connection.name} ${direction}`,
      everyMs: SECOND_MS,
      work: () => carry(context, connection, direction),
    }),
  );
}

async function gauge(context: AppContext): Promise<void> {
  const { db, metrics } = context;
  metrics.set('interlock_running_changes', {}, (await runningChanges(db)).length);
  for (const { name, waiting, givenUp } of await readConnections(context)) {
    metrics.set('interlock_outside_waiting', { connection: name }, waiting);
    metrics.set('interlock_outside_given_up', { connection: name }, givenUp);
  }
}

/** Beside the first answers: who starts the server need not wait for the scheduler. */
function scheduleJobs(context: AppContext, closers: Closers): void {
  const { db, log } = context;
  const schedule = keepSchedule(db.url, scheduledJobs(context), { log });
  closers.push(() => schedule.stop());
}

async function listen(
  context: AppContext,
  config: Config,
  { version }: ServeTold,
  closers: Closers,
): Promise<string> {
  const web = packagePath('web/dist');
  const app = await buildServer(context, {
    allowedHosts: [config.host, ...config.allowedHosts],
    metricsOpen: config.metricsOpen,
    requestsPerMinute: config.requestsPerMinute,
    webRoot: existsSync(web) ? web : null,
    version,
  });
  closers.push(() => app.close());
  try {
    return await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    throw new AppError('unavailable', notListening(config, cause), { cause });
  }
}

function notListening({ host, port }: Config, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const what = code === 'EADDRINUSE' ? 'a port that another program has' : `\`${code}\``;
  return `expected to listen on \`${host}:${port}\`, got ${what}: stop it, or name another by INTERLOCK_PORT`;
}
