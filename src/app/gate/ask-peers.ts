import { sourcesInForce } from '../../store/rota-sources.ts';
import type { AppContext } from '../context.ts';
import { heedPeerIncidents } from '../incident/heed-peer.ts';
import { importRota } from '../rota/import.ts';
import { LOOK_MS } from '../rota/read-source.ts';

/** Of what a gate depends on that others know: who is on call, what burns. */
export interface Asked {
  /** Where that takes a look of its own it is asked only if there is a source. */
  readonly rotas: boolean | (() => Promise<boolean>);
  readonly incidents: boolean;
}

/** A gate by which somebody plans or begins something. */
export const ALL: Asked = { rotas: true, incidents: true };
/** One at which nobody's word is judged: a pipeline's. */
export const INCIDENTS_ALONE: Asked = { rotas: false, incidents: true };

/** An answer so young is not asked for again: those who ask at the same moment share one. */
const YOUNG_MS = 1_000;
/** A peer that failed is left alone for so long at least: nobody waits for a dead one at every step. */
const REST_MS = 5_000;
/** One that limits is asked at least so often: by then its last answer is too old to count. */
const LONGEST_REST_MS = 60_000;

/** What of a peer was asked by this server, on its monotonic clock. */
interface Look {
  readonly looking: Promise<void>;
  /** Not before. */
  again: number;
}

const looks = new WeakMap<AppContext, Map<string, Look>>();

/**
 * Asks anew what a gate depends on, before its transaction and never inside. It is bounded: a peer that is dead, slow, limiting or lying costs a
 * gate three seconds, and then none for a while; what the gate decides by is what was heard last, as long as the policy lets that count.
 */
export async function askPeers(context: AppContext, wanted: Asked): Promise<void> {
  const asking: Promise<void>[] = [];
  if (wanted.incidents) {
    for (const connection of context.connections.all.filter(({ offers }) => offers.incidents)) {
      const ask = async () => {
        const failed = await heedPeerIncidents(context, connection, AbortSignal.timeout(LOOK_MS));
        return { ok: failed === null, restMs: failed?.kind === 'later' ? failed.retryAfterMs : null };
      };
      asking.push(once(context, `${connection.name} incidents`, ask));
    }
  }
  if (wanted.rotas !== false) {
    const sources = await sourcesInForce(context.db);
    const { rotas } = wanted;
    if (sources.length > 0 && (rotas === true || (await rotas())))
      for (const { id, rota } of sources)
        asking.push(once(context, `rota ${id}`, () => importRota(context, rota)));
  }
  if (asking.length > 0) await within(LOOK_MS, asking);
}

/** The same by the clock, so that what stands between gates is young too. */
export async function askPeersByTheClock(context: AppContext): Promise<void> {
  const asking: Promise<void>[] = [askPeers(context, { rotas: false, incidents: true })];
  for (const { id, rota, connection } of await sourcesInForce(context.db))
    if (connection !== null) asking.push(once(context, `rota ${id}`, () => importRota(context, rota)));
  await Promise.all(asking);
}

/** Leaves no peer alone any longer: somebody made sure that one answers, and the next gate is not to wait for a rest to end. */
export function endRests(context: AppContext): void {
  looks.delete(context);
}

interface Said {
  readonly ok: boolean;
  readonly restMs: number | null;
}

/** Who asks while one is under way gets that one; who asks while the peer is left alone gets nothing new. */
function once(context: AppContext, key: string, ask: () => Promise<Said>): Promise<void> {
  const known = looks.get(context) ?? new Map<string, Look>();
  looks.set(context, known);
  const before = known.get(key);
  if (before && performance.now() < before.again) return before.looking;
  const look: Look = {
    again: Infinity,
    looking: ask()
      .catch((error: unknown): Said => {
        context.log.warn({ asked: key, error: String(error) }, 'a peer was not asked; it will be again');
        return { ok: false, restMs: null };
      })
      .then(({ ok, restMs }) => {
        const rest = ok ? YOUNG_MS : Math.min(Math.max(restMs ?? 0, REST_MS), LONGEST_REST_MS);
        look.again = performance.now() + rest;
      }),
  };
  known.set(key, look);
  return look.looking;
}

async function within(ms: number, asking: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([Promise.all(asking), over]);
  clearTimeout(timer);
}
