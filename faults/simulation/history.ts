import {
  takeAbort,
  takeGoOn,
  takeHold,
  takeRollback,
  takeSettlement,
  takeSuspension,
} from '../../src/app/run/words.ts';
import { RUN_TIMING } from '../../src/app/run/timing.ts';
import { chanceOf, hashOf } from '../chance.ts';
import { coordinatorOf, type Coordinator, type Person } from './coordinator.ts';
import { someFaults, TROUBLE_MS, type Fault, type FaultKind } from './faults.ts';
import { hostOf, type Host } from './host.ts';
import { watchOver } from './invariants.ts';
import { networkOf, type Network } from './network.ts';
import { someOutline } from './outline.ts';
import { CALM, type Outside } from './outside.ts';
import { recordsOf, Violation, type Records } from './records.ts';
import { runnerLife } from './runner.ts';
import { siteOf, type Site } from './site.ts';
import { BEGAN_AT, virtualTime, type VirtualTime } from './virtual-time.ts';

/** How one history went. The same seed and the same faults give the same trace. */
export interface Told {
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** What was violated, or `null`. */
  readonly violation: string | null;
  readonly end: string;
  readonly trace: readonly string[];
  readonly digest: number;
}

const PATIENCE_MS = 6 * 3_600_000;
const BEN: Person = { person: 'ben', standings: ['executor'] };
const CORA: Person = { person: 'cora', standings: ['eoc'] };
const IRA: Person = { person: 'ira', standings: ['imoc'] };

interface World {
  readonly time: VirtualTime;
  readonly records: Records;
  readonly outside: Outside;
  readonly network: Network;
  readonly coordinator: Coordinator;
  readonly site: Site;
  hosts: Host[];
  readonly startRunner: () => void;
  readonly changed: () => void;
}

/** One run of some plan through these faults, to its end. */
export async function history(seed: string, faults: readonly Fault[] = faultsOf(seed)): Promise<Told> {
  const time = virtualTime();
  const trace: string[] = [];
  let digest = 0;
  let failure: unknown = null;
  const tell = (line: string) => {
    const text = `${((time.now() - BEGAN_AT) / 1_000).toFixed(3)} s  ${line}`;
    trace.push(text);
    digest = hashOf(`${digest} ${text}`);
  };
  const fail = (error: unknown) => {
    failure ??= error;
  };
  const world = worldOf(seed, { time, tell, fail });
  for (const fault of faults)
    void time
      .sleep(fault.atMs)
      .then(() => befall(world, fault, tell))
      .catch(fail);
  world.startRunner();
  void sweeping(world).catch(fail);
  void healing(world).catch(fail);
  await time.run(() => failure !== null || ended(world), PATIENCE_MS);
  try {
    if (failure === null) world.over();
  } catch (error) {
    fail(error);
  }
  const violation =
    failure === null
      ? null
      : failure instanceof Violation
        ? failure.message
        : failure instanceof Error
          ? `${failure.stack}`
          : 'something else than an error was thrown';
  return { seed, faults, violation, end: world.records.open().run.state, trace, digest };
}

export function faultsOf(seed: string): readonly Fault[] {
  return someFaults(chanceOf(`${seed} faults`));
}

function worldOf(
  seed: string,
  {
    time,
    tell,
    fail,
  }: {
    readonly time: VirtualTime;
    readonly tell: (line: string) => void;
    readonly fail: (error: unknown) => void;
  },
): World & { readonly over: () => void } {
  const outline = someOutline(chanceOf(`${seed} plan`));
  const chance = chanceOf(`${seed} chance`);
  const outside: Outside = { ...CALM };
  const records = recordsOf(outline, () => time.now(), RUN_TIMING.leaseMs);
  const watch = watchOver(outside, () => time.now(), tell);
  const coordinator = coordinatorOf(records, outside, watch);
  const network = networkOf(time, chance, fail);
  const site = siteOf(chance);
  let keys = 0;
  const newKey = () => `key-${(keys += 1)}`;
  const world: World & { over: () => void } = {
    time,
    records,
    outside,
    network,
    coordinator,
    site,
    hosts: [],
    changed: () => watch.outsideChanged(),
    over: () => watch.over(records.open()),
    startRunner: () => {
      const host = hostOf(time, chance, watch);
      const first = world.hosts.length === 0;
      world.hosts = [...world.hosts, host];
      const of = { time, host, network, coordinator, outline, site, newKey };
      const begin = async () => {
        const sentAt = time.now();
        if (first) return runnerLife(of, { epoch: 1, sentAt });
        for (;;) {
          const askedAt = time.now();
          const key = newKey();
          const taken = await host.here(
            network.ask(() => coordinator.takeOver(key, time.now() + host.skewMs), 3_000),
          );
          if (taken?.ok === true) return runnerLife(of, { epoch: taken.value.epoch, sentAt: askedAt });
          if (taken !== null && taken.code !== 'too_early') return;
          await host.sleep(1_000);
        }
      };
      void begin()
        .then(() => (world.hosts = world.hosts.filter((one) => one !== host || host.alive())))
        .then(() => host.kill())
        .catch(fail);
    },
  };
  return world;
}

function ended({ records }: World): boolean {
  return records.open().run.endedAt !== null;
}

async function sweeping({ time, network, coordinator }: World): Promise<void> {
  for (;;) {
    if (network.serverUp) await coordinator.sweep();
    await time.sleep(1_000);
  }
}

/** Once nothing goes wrong any more, people do what is theirs to do, and the run comes to an end. */
async function healing(world: World): Promise<void> {
  const { time, network, outside, site, records, coordinator } = world;
  await time.sleep(TROUBLE_MS + 90_000);
  const incidentEndedAt = outside.incident ? time.now() : outside.incidentEndedAt;
  Object.assign(outside, CALM, { incidentEndedAt });
  Object.assign(network, { cut: false, serverUp: true, loss: 0, echo: 0 });
  site.trouble = 0;
  for (const host of world.hosts) host.skewMs = 0;
  world.changed();
  for (let round = 0; !ended(world); round += 1) {
    if (!world.hosts.some((host) => host.alive())) world.startRunner();
    await settle(world);
    if (records.open().run.state === 'suspended') await coordinator.say('go-on', takeGoOn, CORA);
    const { run } = records.open();
    if (run.state === 'held') {
      const went =
        run.hold?.releasedBy === null ? await coordinator.say('go-on', takeGoOn, CORA) : { ok: true };
      if (!went.ok && round > 30) await coordinator.say('roll-back', takeRollback, CORA);
      if (!went.ok && round > 60) await coordinator.say('abort', takeAbort, CORA);
    }
    await time.sleep(20_000);
  }
}

async function settle({ records, coordinator, site }: World): Promise<void> {
  const step = records.open().steps.find(({ state }) => state === 'unknown');
  if (step === undefined) return;
  const { list, position } = step;
  // Nobody looks before nothing of the old runner can still be working.
  const { takeOverFrom } = records.open().run;
  if (takeOverFrom !== null && takeOverFrom > records.open().now) return;
  const settlement = site.truthOf(`${list} ${position}`);
  await coordinator.say('settle', takeSettlement({ list, position, settlement }), CORA);
}

type Befall = (world: World, lastsMs: number) => Promise<unknown> | (() => void);

/** A fault that lasts gives what ends it. */
const BEFALL: Readonly<Record<FaultKind, Befall>> = {
  'kill the runner': (world) => {
    world.hosts.find((host) => host.alive())?.kill();
    return () => {
      if (!world.hosts.some((host) => host.alive())) world.startRunner();
    };
  },
  'stop the runner': async ({ hosts }, lastsMs) => hosts.find((host) => host.alive())?.stand(lastsMs),
  'cut the network': ({ network }) => during(network, 'cut', true, false),
  'lose messages': ({ network }) => during(network, 'loss', 0.3, 0),
  'say things twice': ({ network }) => during(network, 'echo', 0.3, 0),
  'take the server down': ({ network }) => during(network, 'serverUp', false, true),
  'lose the metrics': ({ outside }) => during(outside, 'dead', true, false),
  veto: ({ outside }) => during(outside, 'veto', true, false),
  incident: ({ outside, time }) => {
    outside.incident = true;
    return () => {
      if (outside.incident) outside.incidentEndedAt = time.now();
      outside.incident = false;
    };
  },
  lock: ({ outside }) => during(outside, 'lock', true, false),
  'lose the EOC': ({ outside }) => during(outside, 'eocGone', true, false),
  'forget the note': ({ outside }) => during(outside, 'noted', false, true),
  'set the clock wrong': ({ hosts }, lastsMs) => {
    const host = hosts.find((one) => one.alive());
    if (host !== undefined) host.skewMs = lastsMs;
    return () => {
      if (host !== undefined) host.skewMs = 0;
    };
  },
  'say hold': ({ coordinator }) => coordinator.say('hold', takeHold({ because: 'wait', now: false }), BEN),
  'say hold now': ({ coordinator }) =>
    coordinator.say('hold', takeHold({ because: 'stop', now: true }), CORA),
  'say go on': ({ coordinator }, lastsMs) =>
    coordinator.say('go-on', takeGoOn, lastsMs % 2 === 0 ? BEN : CORA),
  'say roll back': ({ coordinator }) => coordinator.say('roll-back', takeRollback, BEN),
  'say abort': ({ coordinator }) => coordinator.say('abort', takeAbort, CORA),
  'say suspend': async ({ coordinator }) => {
    await coordinator.say('suspend', takeSuspension, CORA);
    await coordinator.say('suspend', takeSuspension, IRA);
  },
  settle: (world) => settle(world),
};

async function befall(world: World, { kind, lastsMs }: Fault, tell: (line: string) => void): Promise<void> {
  if (ended(world)) return;
  tell(`! ${kind}, ${lastsMs} ms`);
  const after = BEFALL[kind](world, lastsMs);
  if (typeof after !== 'function') {
    await after;
    return;
  }
  world.changed();
  await world.time.sleep(lastsMs);
  after();
  world.changed();
}

function during<T extends object, K extends keyof T>(of: T, name: K, wrong: T[K], right: T[K]): () => void {
  of[name] = wrong;
  return () => {
    of[name] = right;
  };
}
