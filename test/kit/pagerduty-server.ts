import { createHmac } from 'node:crypto';
import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

// A PagerDuty as its documents say it: reference/REST/openapiv3.json of github.com/PagerDuty/api-schema (lists with `limit`, `offset`, `more`;
// 401; 429 with `ratelimit-reset`, support.pagerduty.com/main/docs/rest-api-rate-limits) and developer.pagerduty.com/docs/webhooks-overview
// (v3, `X-PagerDuty-Signature`).

export const PAGERDUTY_TOKEN = 'u+a-read-only-key';
export const SIGNING = 'a-secret-of-the-subscription';
export const SCHEDULE = 'PI7DH85';

export interface FakeUser {
  readonly id: string;
  readonly summary: string;
  readonly email?: string;
}
export interface FakeOncall {
  readonly user: FakeUser;
  readonly start: string | null;
  readonly end: string | null;
  readonly schedule?: string;
}
export interface FakeIncident {
  readonly id: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  service?: string;
  priority?: string;
  title?: string;
}

export interface PagerdutyServer extends Peer {
  oncalls: FakeOncall[];
  overrides: FakeOncall[];
  incidents: FakeIncident[];
  /** The paths that were asked, newest last. */
  readonly asked: string[];
  /** A webhook as it sends one, with a signature for each of these secrets. */
  webhook(
    event: { readonly id: string; readonly type: string; readonly at?: string },
    secrets?: readonly string[],
  ): { readonly headers: Record<string, string>; readonly body: string };
}

/** @param token the key that it takes; any where `null` */
export async function startPagerduty(token: string | null = PAGERDUTY_TOKEN): Promise<PagerdutyServer> {
  const state: Pick<PagerdutyServer, 'oncalls' | 'overrides' | 'incidents' | 'asked'> = {
    oncalls: [],
    overrides: [],
    incidents: [],
    asked: [],
  };
  const peer = await httpPeer((request) => answer(state, token, request), {
    limiting: () => ({
      status: 429,
      headers: { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '7' },
      json: { error: { message: 'Rate Limit Exceeded', code: 2020 } },
    }),
  });
  return Object.assign(state, peer, { webhook: webhookOf });
}

type State = Pick<PagerdutyServer, 'oncalls' | 'overrides' | 'incidents' | 'asked'>;

function answer(state: State, token: string | null, { path, headers }: PeerRequest): PeerAnswer {
  const { pathname, searchParams: query } = new URL(path, 'http://pagerduty');
  state.asked.push(path);
  const given = headers.authorization;
  const known =
    token === null ? given?.startsWith('Token token=') === true : given === `Token token=${token}`;
  if (!known) return { status: 401, json: { error: { message: 'Unauthorized', code: 2006 } } };
  const took = query.get('limit') === '1' ? {} : { took: path };
  if (pathname === '/oncalls') return page(query, 'oncalls', oncallsOf(state, query), took);
  if (pathname === '/incidents') return page(query, 'incidents', incidentsOf(state, query), took);
  const [, kind, id, rest] = pathname.split('/');
  if (kind === 'schedules' && rest === 'overrides')
    return { status: 200, json: { overrides: state.overrides.filter((one) => scheduleOf(one) === id) } };
  const one = state.incidents.find((incident) => incident.id === id);
  if (kind === 'incidents' && one) return { status: 200, json: { incident: shown(one) } };
  return { status: 404, json: { error: { message: 'Not Found', code: 2100 } } };
}

const scheduleOf = ({ schedule = SCHEDULE }: FakeOncall) => schedule;

function oncallsOf({ oncalls }: State, query: URLSearchParams) {
  const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name) ?? ''));
  return oncalls
    .filter((one) => query.getAll('schedule_ids[]').includes(scheduleOf(one)))
    .filter(({ start, end }) => {
      const [from, to] = [Date.parse(start ?? ''), Date.parse(end ?? '')];
      // What cannot be compared is told as it is.
      return Number.isNaN(from) || Number.isNaN(to) || !(to <= (since ?? 0) || from >= (until ?? 0));
    })
    .map((one) => ({
      escalation_policy: { id: 'PEP1', summary: 'Production' },
      escalation_level: 1,
      schedule: { id: scheduleOf(one), summary: 'EOC' },
      user: { type: 'user', ...one.user },
      start: one.start,
      end: one.end,
    }));
}

function incidentsOf({ incidents }: State, query: URLSearchParams) {
  const has = (name: string, value: string) => {
    const wanted = query.getAll(name);
    return wanted.length === 0 || wanted.includes(value);
  };
  // Without it, only the last month is told.
  if (query.get('date_range') !== 'all') return [];
  return incidents
    .filter(({ status }) => has('statuses[]', status))
    .filter(({ urgency }) => has('urgencies[]', urgency))
    .filter(({ service = 'PIJ90N7' }) => has('service_ids[]', service))
    .map(shown);
}

function shown({
  id,
  status,
  urgency,
  service = 'PIJ90N7',
  priority,
  title = 'The server is on fire.',
}: FakeIncident) {
  return {
    id,
    incident_number: Number.parseInt(id, 36) % 10_000,
    type: 'incident',
    title,
    status,
    urgency,
    service: { id: service, type: 'service_reference', summary: 'Shop' },
    priority: priority === undefined ? null : { id: 'PPRIO', summary: priority, name: priority },
  };
}

function page(query: URLSearchParams, list: string, all: readonly unknown[], took: object): PeerAnswer {
  const [limit, offset] = [Number(query.get('limit') ?? 25), Number(query.get('offset') ?? 0)];
  const more = offset + limit < all.length;
  const json = { [list]: all.slice(offset, offset + limit), limit, offset, more, total: null };
  return { status: 200, json, ...(more ? {} : took) };
}

const webhookOf: PagerdutyServer['webhook'] = (event, secrets = [SIGNING]) => {
  const body = JSON.stringify({
    event: {
      id: event.id,
      event_type: event.type,
      resource_type: 'incident',
      occurred_at: event.at ?? new Date().toISOString(),
      agent: { id: 'PLH1HKV', type: 'user_reference' },
      data: { id: 'PGR0VU2', type: 'incident', status: 'resolved', title: 'Whatever it says' },
    },
  });
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return {
    headers: { 'content-type': 'application/json', 'x-pagerduty-signature': signatures.join(',') },
    body,
  };
};
