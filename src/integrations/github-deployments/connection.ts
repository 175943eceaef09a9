import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Connection, Hears, HeardEvent, Taken } from '../../app/ports/connection.ts';
import type { AskedDeployment, Deployments, WaitingDeployment } from '../../app/ports/deployments.ts';
import type { GithubDeploymentSettings } from '../../contract/integrations/github-deployments.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { githubSigned } from '../signatures/schemes.ts';
import { installationTokens } from './app-token.ts';

const NAME = 'github-deployments';

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule */
const requested = z.looseObject({
  action: z.literal('requested'),
  environment: z.string().min(1).max(255),
  deployment_callback_url: z.string(),
  repository: z.looseObject({ full_name: z.string() }),
});

/** https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run */
const pending = z.array(z.looseObject({ environment: z.looseObject({ name: z.string() }) }));

interface Secrets {
  readonly key: Secret;
  readonly signing: readonly Secret[];
}

type Settings = Omit<GithubDeploymentSettings, 'key' | 'signing'>;

/**
 * A custom deployment protection rule: GitHub tells that a run waits for an environment, we look whether it does, and answer for that run and
 * environment alone, at the address of the configuration, wherever the callback in the message leads.
 */
export function githubDeploymentConnection(settings: Settings, { key, signing }: Secrets): Connection {
  const { address, app, installation } = settings;
  const tokenOf = installationTokens({ address, app, installation, key });
  const { host } = new URL(address);
  return {
    name: NAME,
    peer: host,
    offers: { deployments: deploymentsOf(settings, tokenOf) },
    hears: hearing(signing),
    test: async (signal): Promise<Taken> => {
      const token = await tokenOf(signal);
      if (!token.ok) return token.taken;
      const url = `${address}/installation/repositories?per_page=1`;
      const answer = await askPeer({ url, method: 'GET', headers: headersOf(token.token), signal });
      if (!answer.ok) return answer.taken;
      const read = z.looseObject({ total_count: z.int() }).safeParse(jsonOf(answer.body));
      const many = read.data?.total_count;
      return many === undefined
        ? lied(host, 'the repositories of the app')
        : { kind: 'taken', receipt: `installation ${installation} at ${host}, ${many} repositories` };
    },
  };
}

function hearing(signing: readonly Secret[]): Hears {
  return (request) => {
    const secrets = signing.map((secret) => secret.reveal());
    if (!githubSigned(request, secrets)) return { kind: 'unverified' };
    const { 'x-github-event': event } = request.headers;
    const heard = event === 'deployment_protection_rule' ? eventOf(jsonOf(request.body)) : null;
    // The number of a delivery is not signed: the same bytes are the same delivery.
    const delivery = createHash('sha256').update(request.body).digest('hex');
    return { kind: 'heard', delivery, events: heard === null ? [] : [heard] };
  };
}

function eventOf(body: unknown): HeardEvent | null {
  const read = requested.safeParse(body);
  if (!read.success) return null;
  const { environment, deployment_callback_url: url, repository } = read.data;
  const [, place, run] =
    /\/repos\/([\w.-]+\/[\w.-]+)\/actions\/runs\/(\d{1,20})\/deployment_protection_rule$/.exec(url) ?? [];
  if (place === undefined || run === undefined || place !== repository.full_name) return null;
  return { kind: 'deployment-asked', place, environment, answerTo: run };
}

function deploymentsOf(
  { address, rules }: Settings,
  tokenOf: ReturnType<typeof installationTokens>,
): Deployments {
  const { host } = new URL(address);
  const ask = async (asking: {
    url: string;
    method: 'GET' | 'POST';
    json?: unknown;
    signal: AbortSignal;
  }) => {
    const token = await tokenOf(asking.signal);
    if (!token.ok) return { ok: false as const, taken: token.taken };
    return askPeer({ ...asking, headers: headersOf(token.token) });
  };
  return {
    waiting: async (asked, signal) => {
      const url = `${runAddress(address, asked)}/pending_deployments`;
      const answer = await ask({ url, method: 'GET', signal });
      if (!answer.ok) return notTaken(answer.taken);
      const read = pending.safeParse(jsonOf(answer.body));
      if (!read.success) return notTaken(lied(host, 'what waits'));
      const waits = read.data.some(({ environment }) => environment.name === asked.environment);
      const one: WaitingDeployment = {
        what: `${asked.place}, ${asked.environment}`,
        question: questionOf(rules, asked),
        answer: async ({ allowed, because }, during) => {
          const comment = `Interlock: ${because}`.slice(0, 1_000).toWellFormed();
          const said = await ask({
            url: `${runAddress(address, asked)}/deployment_protection_rule`,
            method: 'POST',
            json: { environment_name: asked.environment, state: allowed ? 'approved' : 'rejected', comment },
            signal: during,
          });
          if (!said.ok) return said.taken;
          // 204: whoever has something to say besides is not GitHub.
          return said.body.length === 0
            ? { kind: 'taken', receipt: `run ${asked.answerTo}` }
            : lied(host, 'an empty answer');
        },
      };
      return { kind: 'waiting', deployments: waits ? [one] : [] };
    },
  };
}

const headersOf = (token: string) => ({
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  authorization: `Bearer ${token}`,
});

/** What is `taken` while nothing was taken is no answer of ours. */
function notTaken(taken: Taken): Exclude<Taken, { kind: 'taken' }> {
  return taken.kind === 'taken'
    ? { kind: 'later', because: 'expected what waits, got none of it', retryAfterMs: null }
    : taken;
}

function runAddress(address: string, { place, answerTo }: AskedDeployment): string {
  return `${address}/repos/${place}/actions/runs/${answerTo}`;
}

function questionOf(rules: Settings['rules'], { place, environment }: AskedDeployment) {
  const rule = rules.find((one) => one.repository === place && one.environment === environment);
  return rule ? { ...rule.asks, monthlyRelease: false } : null;
}
