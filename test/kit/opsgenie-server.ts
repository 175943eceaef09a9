import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

// An Opsgenie as docs.opsgenie.com/docs/schedule-api and /docs/who-is-on-call-api say it, rate limits as /docs/api-rate-limiting; as
// operations of Jira Service Management it answers bare documents (developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2).

export const OPSGENIE_SCHEDULE = 'd875e4bb-0000-4c8d-9f1c-0123456789ab';

export interface FakePeriod {
  readonly startDate: string;
  readonly endDate: string;
  readonly type?: string;
  readonly recipient?: { readonly type: string; readonly id?: string; readonly name?: string };
}

export interface OpsgenieServer extends Peer {
  periods: FakePeriod[];
  /** Who it says is on call now; as the periods say where `null`. */
  now: string[] | null;
  /** Whether it answers as Jira Service Management does. */
  jira: boolean;
  readonly authorizations: string[];
}

export async function startOpsgenie(): Promise<OpsgenieServer> {
  const state: Pick<OpsgenieServer, 'periods' | 'now' | 'jira' | 'authorizations'> = {
    periods: [],
    now: null,
    jira: false,
    authorizations: [],
  };
  const peer = await httpPeer((request) => answer(state, request), {
    limiting: () => ({
      status: 429,
      headers: { 'x-ratelimit-state': 'THROTTLED', 'x-ratelimit-period-in-sec': '7' },
      json: { message: 'You are making too many requests!' },
    }),
  });
  return Object.assign(state, peer);
}

type State = Pick<OpsgenieServer, 'periods' | 'now' | 'jira' | 'authorizations'>;

function answer(state: State, { path, headers }: PeerRequest): PeerAnswer {
  const { pathname } = new URL(path, 'http://opsgenie');
  const given = headers.authorization ?? '';
  state.authorizations.push(given);
  if (!/^(GenieKey|Basic) \S+$/.test(given))
    return { status: 401, json: { message: 'Could not authenticate' } };
  const wrapped = (data: object) => ({
    status: 200,
    json: state.jira ? data : { data, took: 0.01, requestId: 'r' },
  });
  if (pathname.endsWith('/schedules'))
    return { status: 200, json: state.jira ? { values: [] } : { data: [] } };
  if (!pathname.includes(`/schedules/${OPSGENIE_SCHEDULE}/`))
    return { status: 404, json: { message: 'Schedule does not exist' } };
  if (pathname.endsWith('/timeline')) return wrapped({ finalTimeline: timelineOf(state) });
  const onCall = state.now ?? namesNow(state.periods);
  // What was asked for is whole with its last part.
  return { ...wrapped(state.jira ? { onCallUsers: onCall } : { onCallRecipients: onCall }), took: path };
}

function timelineOf({ periods, jira }: State) {
  const shown = periods.map(({ recipient, ...period }) => ({
    type: 'default',
    ...period,
    ...(recipient && { [jira ? 'responder' : 'recipient']: recipient }),
  }));
  return { rotations: [{ id: 'r1', name: 'Weeks', order: 1.0, periods: shown }] };
}

function namesNow(periods: readonly FakePeriod[]): string[] {
  const now = Date.now();
  return periods
    .filter(({ startDate, endDate }) => Date.parse(startDate) <= now && now < Date.parse(endDate))
    .flatMap(({ recipient }) => recipient?.name ?? recipient?.id ?? []);
}
