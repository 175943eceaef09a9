import { expect } from 'vitest';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { content, everything } from './attacks.ts';
import { startChangeWorld } from './changes.ts';
import { ELSEWHERE, NAMES } from './hook-attacks.ts';
import {
  cluster,
  hearingConnections,
  SECRET,
  SOURCES,
  type HookSource,
  type SourceName,
} from './hook-sources.ts';
import { httpPeer } from './peer.ts';

export type HookWorld = Awaited<ReturnType<typeof startHookWorld>>;
type World = Awaited<ReturnType<typeof startChangeWorld>>;

export interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** A server that hears every source, and what is tried on it; `stop()` in `afterAll`. */
export async function startHookWorld() {
  const alertmanager = await httpPeer(() => ({ status: 200, json: [] }));
  const world = await startChangeWorld((text) => `${text}\nincidents: { alertmanager: {} }\n`, {
    connections: { all: hearingConnections(), mask: (text) => text },
  });
  const { token } = await world.server.account('cluster', { kind: 'service', scopes: ['ask'] });
  cluster.token = token;
  const alerts = { source: alertSource(alertmanager.url), secrets: [SECRET] };
  Object.assign(world.server.context, { alerts });
  const change = await world.open();
  /** What is asked while somebody tries something: answered all the same. */
  const decided = async () => {
    const { verdict } = await change.show(world.ana);
    expect(verdict.decision.verdicts.length).toBeGreaterThan(5);
  };
  const stop = async () => {
    await world.server.stop();
    await alertmanager.stop();
  };
  return { world, decided, stop, ...telling(world), ...lookingAt(world), onEach: onEachOf(world, decided) };
}

let nth = 0;

const next = () => (nth += 1);

function telling({ server }: World) {
  /** A delivery that nobody sent before. */
  const sound = (source: HookSource): Sent => {
    const body = source.body(next());
    return { body, headers: source.sign(body) };
  };
  const send = async (source: HookSource, { headers, body }: Sent, url = server.url) => {
    const answer = await fetch(url + source.path, { method: 'POST', headers, body });
    return { status: answer.status, body: await answer.text() };
  };
  const refused = async (source: HookSource, name: string, sent: Sent) => {
    const answer = await send(source, sent);
    expect(answer.status, `${name}: ${JSON.stringify(sent.headers)}`).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'Not signed in.' });
  };
  return { next, sound, send, refused };
}

function lookingAt(world: World) {
  return {
    /** How many were turned away, as the metrics say. */
    unauthenticated: () =>
      Number(/^interlock_unauthenticated_total (\d+)$/m.exec(world.server.context.metrics.text())?.[1] ?? 0),
    heard: () => world.rows('heard_deliveries'),
    followed: () => world.rows(`outbox where topic = 'heard'`),
  };
}

/**
 * Tries an attack on every source for which it makes sense, which changes nothing, while a decision is asked for. That a peer said something
 * senseless may be kept, so that it is not taken up again.
 */
function onEachOf({ server }: World, decided: () => Promise<void>) {
  const looks = {
    everywhere: everything,
    'apart from what was heard': async () => ({ ...(await content(server)), heard_deliveries: '' }),
  };
  return async (
    attack: string,
    attempt: (source: HookSource, name: SourceName) => Promise<void>,
    where: keyof typeof looks = 'everywhere',
  ) => {
    const before = await looks[where](server);
    const tried = NAMES.filter((name) => ELSEWHERE[attack]?.[name] === undefined);
    await Promise.all([...tried.map((name) => attempt(SOURCES[name], name)), decided()]);
    expect(await looks[where](server)).toEqual(before);
  };
}
