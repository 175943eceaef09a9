import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { People } from './people.ts';
import { signal } from './processes.ts';
import type { Fault, FaultKind } from './schedule.ts';
import type { Site } from './site.ts';
import type { Network } from './way.ts';
import { alertAuthorization } from './world.ts';

/** What is undone again when a fault has lasted long enough. */
type Undo = () => void | Promise<void>;
type Strike = (site: Site, people: People) => Undo | Promise<Undo>;

const nothing: Undo = () => undefined;

/** Makes a fault happen; resolves when it stands, to a promise of its end. */
export async function inflict(fault: Fault, site: Site, people: People): Promise<{ over: Promise<void> }> {
  site.tell(`! ${fault.kind}`);
  const undo = await STRIKES[fault.kind](site, people);
  const over = async () => {
    if (undo === nothing) return;
    await sleep(fault.lastsMs);
    await undo();
    site.tell(`! over: ${fault.kind}`);
  };
  return { over: over() };
}

const network =
  (how: Network): Strike =>
  ({ way }) => {
    way.network = how;
    return () => {
      way.network = 'whole';
    };
  };

const runnersOf = ({ runners }: Site) => runners.filter(({ alive }) => alive()).map(({ pid }) => pid);

const kill =
  (whom: (site: Site) => readonly number[]): Strike =>
  (site) => {
    for (const pid of whom(site)) signal(pid, 'SIGKILL');
    return nothing;
  };

/** STOP, and CONT when it is over. */
const stop =
  (whom: (site: Site) => readonly number[]): Strike =>
  (site) => {
    const stopped = whom(site);
    for (const pid of stopped) signal(pid, 'SIGSTOP');
    return () => {
      for (const pid of stopped) signal(pid, 'SIGCONT');
    };
  };

const present = (pid: number | null): readonly number[] => (pid === null ? [] : [pid]);

/** Fills a disk, and makes room when it is over. */
const fill =
  (folder: (site: Site) => string): Strike =>
  (site) => {
    const ballast = path.join(folder(site), 'ballast');
    for (const bytes of [256 * 1024, 4 * 1024, 1]) appendUntilFull(ballast, Buffer.alloc(bytes));
    return () => rmSync(ballast);
  };

const STRIKES: Record<FaultKind, Strike> = {
  'kill the runner': kill(runnersOf),
  'kill the keeper': kill((site) => site.keepers()),
  'kill runner and keeper': kill((site) => [...runnersOf(site), ...site.keepers()]),
  'kill the server': async (site) => {
    await site.endServer('kill');
    return () => site.startServer();
  },
  'kill a back end': kill((site) => site.backEnds().slice(-1)),
  'kill the postmaster': kill((site) => present(site.postmaster())),
  'stop the runner': stop(runnersOf),
  'stop the keeper': stop((site) => site.keepers()),
  'stop runner and keeper': stop((site) => [...runnersOf(site), ...site.keepers()]),
  'stop the server': stop((site) => present(site.serverPid())),
  'stop the postmaster': stop((site) => present(site.postmaster())),
  'cut the network': network('cut'),
  'lose the answers': network('half-open'),
  'lose the requests': network('silent'),
  'slow the network': network('slow'),
  'send all twice': network('twice'),
  'fill the disk of the journal': fill(({ state }) => state),
  'fill the disk of the ledger': fill(({ data }) => data),
  'set the clock wrong': ({ clock }) => {
    writeFileSync(clock, '60000');
    return () => writeFileSync(clock, '0');
  },
  'take Prometheus away': ({ prometheus, tell }) => {
    prometheus?.cut();
    return () => {
      prometheus?.heal();
      tell('Prometheus is back');
    };
  },
  'fire an alert': async (site) => {
    await deliver(site, 'resolved');
    await alert(site, 3_600_000);
    await Promise.all(Array.from({ length: 5 }, () => deliver(site, 'firing')));
    return async () => {
      await alert(site, -1);
      await Promise.all(Array.from({ length: 3 }, () => deliver(site, 'resolved')));
    };
  },
  'tell of alerts that are none': async (site) => {
    await Promise.all(Array.from({ length: 5 }, () => deliver(site, 'firing')));
    return nothing;
  },
  'lay a veto': async (_site, people) => people.veto(),
  'hold at once': async (_site, people) => {
    await people.hold();
    return nothing;
  },
};

function appendUntilFull(file: string, block: Buffer): void {
  try {
    for (;;) appendFileSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** An alert of Alertmanager itself that ends so long from now. */
async function alert({ prepared, folder }: Site, endsInMs: number): Promise<void> {
  const labels = { alertname: `ShopDown-${path.basename(folder)}`, incident: 'true', severity: 'critical' };
  const endsAt = new Date(Date.now() + endsInMs).toISOString();
  await fetch(`${prepared.monitoring?.alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels, endsAt }]),
  });
}

/** What Alertmanager would send; the server may be away. */
async function deliver({ url }: Site, status: 'firing' | 'resolved'): Promise<void> {
  await fetch(`${url}/api/v1/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: alertAuthorization },
    body: JSON.stringify({ version: '4', status, alerts: [{ status, labels: { incident: 'true' } }] }),
    signal: AbortSignal.timeout(3_000),
  }).catch(() => undefined);
}
