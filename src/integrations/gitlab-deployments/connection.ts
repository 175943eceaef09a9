import { z } from 'zod';
import type { Connection, Taken } from '../../app/ports/connection.ts';
import type { AskedDeployment, Deployments, WaitingDeployment } from '../../app/ports/deployments.ts';
import type { GitlabDeploymentSettings } from '../../contract/integrations/gitlab-deployments.ts';
import { askPeer, jsonOf, lied, type PeerAnswer } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { hearing, mergeRequest } from './heard.ts';

type Settings = Omit<GitlabDeploymentSettings, 'token' | 'signing'>;
type Ask = (path: string, json: object | null, signal: AbortSignal) => Promise<PeerAnswer>;
type Found = Awaited<ReturnType<Deployments['waiting']>>;

/** https://docs.gitlab.com/api/deployments/#list-project-deployments */
const blocked = z.array(
  z.looseObject({ id: z.int(), status: z.string(), environment: z.looseObject({ name: z.string() }) }),
);

/**
 * Deployments to protected environments, which GitLab blocks until they are approved, and status checks of merge requests. GitLab says that
 * something happened; what waits it is asked, and each is answered by its own number.
 */
export function gitlabDeploymentConnection(
  settings: Settings,
  { token, signing }: { readonly token: Secret; readonly signing: readonly Secret[] },
): Connection {
  const { host } = new URL(settings.address);
  const ask: Ask = (path, json, signal) =>
    askPeer({
      url: `${settings.address}/api/v4${path}`,
      method: json === null ? 'GET' : 'POST',
      headers: { 'private-token': token.reveal() },
      ...(json !== null && { json }),
      signal,
    });
  return {
    name: 'gitlab-deployments',
    peer: host,
    offers: {
      deployments: {
        waiting: (asked, signal) =>
          asked.answerTo === 'deployments'
            ? waitingDeployments(settings, ask, asked, signal)
            : waitingCheck(settings, ask, asked, signal),
      },
    },
    hears: hearing(settings, signing),
    test: async (signal): Promise<Taken> => {
      const answer = await ask('/user', null, signal);
      if (!answer.ok) return answer.taken;
      const read = z.looseObject({ username: z.string() }).safeParse(jsonOf(answer.body));
      return read.success
        ? { kind: 'taken', receipt: `${read.data.username} at ${host}` }
        : lied(host, 'who we are');
    },
  };
}

const hostOf = ({ address }: Settings) => new URL(address).host;
const projectOf = (place: string) => `/projects/${encodeURIComponent(place)}`;

async function waitingDeployments(
  settings: Settings,
  ask: Ask,
  asked: AskedDeployment,
  signal: AbortSignal,
): Promise<Found> {
  const { place, environment } = asked;
  const query = new URLSearchParams({ status: 'blocked', environment, per_page: '20' });
  const answer = await ask(`${projectOf(place)}/deployments?${query.toString()}`, null, signal);
  if (!answer.ok) return answer.taken;
  const read = blocked.safeParse(jsonOf(answer.body));
  if (!read.success) return notUnderstood(settings, 'deployments');
  const rule = settings.deployments.find((one) => one.project === place && one.environment === environment);
  const question = rule ? { ...rule.asks, monthlyRelease: false } : null;
  const deployments = read.data
    // Of what it was asked for alone: another environment has another rule.
    .filter((one) => one.status === 'blocked' && one.environment.name === environment)
    .map(({ id }): WaitingDeployment => ({
      what: `${place}, ${environment}, deployment ${id}`,
      question,
      answer: (verdict, during) => approve(settings, ask, { place, id, verdict, signal: during }),
    }));
  return { kind: 'waiting', deployments };
}

interface Approval {
  readonly place: string;
  readonly id: number;
  readonly verdict: { readonly allowed: boolean; readonly because: string };
  readonly signal: AbortSignal;
}

/** https://docs.gitlab.com/api/deployments/#approve-or-reject-a-blocked-deployment */
async function approve(
  settings: Settings,
  ask: Ask,
  { place, id, verdict, signal }: Approval,
): Promise<Taken> {
  const status = verdict.allowed ? 'approved' : 'rejected';
  const comment = `Interlock: ${verdict.because}`.slice(0, 1_000).toWellFormed();
  const answer = await ask(`${projectOf(place)}/deployments/${id}/approval`, { status, comment }, signal);
  if (!answer.ok) return answer.taken;
  const read = z.looseObject({ status: z.literal(status) }).safeParse(jsonOf(answer.body));
  return read.success
    ? { kind: 'taken', receipt: `deployment ${id}` }
    : lied(hostOf(settings), `\`${status}\``);
}

async function waitingCheck(
  settings: Settings,
  ask: Ask,
  { place, answerTo }: AskedDeployment,
  signal: AbortSignal,
): Promise<Found> {
  const { iid, sha, check } = mergeRequest.parse(JSON.parse(answerTo));
  const path = `${projectOf(place)}/merge_requests/${iid}`;
  const answer = await ask(path, null, signal);
  if (!answer.ok) return answer.taken;
  const read = z
    .looseObject({ state: z.string(), sha: z.string().nullable() })
    .safeParse(jsonOf(answer.body));
  if (!read.success) return notUnderstood(settings, 'a merge request');
  const rule = settings.statusChecks.find((one) => one.project === place && one.check === check);
  const one: WaitingDeployment = {
    what: `${place}!${iid}, check ${check}`,
    question: rule ? { ...rule.asks, monthlyRelease: false } : null,
    answer: ({ allowed }, during) => respond(settings, ask, { path, sha, check, allowed, signal: during }),
  };
  // Of another commit it is asked again: what was said of this one counts for nothing there.
  const waits = read.data.state === 'opened' && read.data.sha === sha;
  return { kind: 'waiting', deployments: waits ? [one] : [] };
}

interface Response {
  readonly path: string;
  readonly sha: string;
  readonly check: number;
  readonly allowed: boolean;
  readonly signal: AbortSignal;
}

/** https://docs.gitlab.com/api/status_checks/#set-status-of-an-external-status-check */
async function respond(
  settings: Settings,
  ask: Ask,
  { path, sha, check, allowed, signal }: Response,
): Promise<Taken> {
  const json = { sha, external_status_check_id: check, status: allowed ? 'passed' : 'failed' };
  const answer = await ask(`${path}/status_check_responses`, json, signal);
  if (!answer.ok) return answer.taken;
  const read = z.looseObject({ id: z.int() }).safeParse(jsonOf(answer.body));
  return read.success
    ? { kind: 'taken', receipt: `check ${check}` }
    : lied(hostOf(settings), 'a response of a check');
}

function notUnderstood(settings: Settings, expected: string): Found {
  return {
    kind: 'later',
    because: `expected ${expected} from \`${hostOf(settings)}\`, got something else`,
    retryAfterMs: null,
  };
}
