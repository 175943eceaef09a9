import type { Connection, Taken } from '../../src/app/ports/connection.ts';
import type { AskedDeployment } from '../../src/app/ports/deployments.ts';
import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { strictMonitoring } from '../../src/contract/monitoring.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { caldavConnection } from '../../src/integrations/caldav/caldav.ts';
import { grafanaConnection } from '../../src/integrations/grafana/grafana.ts';
import { shiftCalendar } from '../../src/integrations/ical/source.ts';
import { mastodonConnection } from '../../src/integrations/mastodon/mastodon.ts';
import { mattermostConnection } from '../../src/integrations/mattermost/mattermost.ts';
import { createMonitoringProver } from '../../src/integrations/monitoring.ts';
import { openIdProvider } from '../../src/integrations/oidc/provider.ts';
import { opsgenieConnection } from '../../src/integrations/opsgenie/opsgenie.ts';
import { pagerdutyConnection } from '../../src/integrations/pagerduty/pagerduty.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { budgetReader } from '../../src/integrations/prometheus/budget.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { slackListens } from '../../src/integrations/slack/socket.ts';
import { hearingConnections, SECRET } from './hook-sources.ts';
import { hookPath } from './mattermost.ts';
import { httpPeer, type Peer } from './peer.ts';
import { runTaskRequest } from './terraform.ts';

/** Asks a peer for something once, as the outbox does. */
export type Asking = (signal: AbortSignal) => Promise<Taken>;

const HOUR_MS = 3_600_000;
const handed = { id: 'key:1', about: 'change/CHG-1' };
const message = { ...handed, body: 'CHG-1 is about to start.', thread: null };
const issue = {
  ...handed,
  title: 'CHG-1',
  environment: 'illumidesk.com',
  section: 'Is `scheduled`.',
  labels: ['C2'],
  due: null,
  open: true,
};
const event = {
  uid: 'CHG-1@interlock',
  sequence: 1,
  changedAt: 0,
  start: 0,
  end: HOUR_MS,
  title: 'CHG-1',
  place: null,
  url: null,
  status: 'confirmed',
  busy: true,
} as const;

/** Everything that a peer is asked for, all of it at one address. */
export function askedConnections(url: string): Readonly<Record<string, Asking>> {
  const [token, env] = [new Secret('a-token-of-ours'), { env: 'NONE' }];
  const hearing = new Map(hearingConnections(url).map((one) => [one.name, one]));
  const of = (name: string): Connection['offers'] => hearing.get(name)!.offers;
  const chat = slackConnection(
    { token: env, channel: 'C1', api: `${url}/api/` },
    { token, signing: [], app: null },
  ).offers.chat!;
  const mattermost = mattermostConnection(new Secret(`${url}${hookPath('a-secret')}`)).offers.chat!;
  const mastodon = mastodonConnection({ url, token: env, visibility: 'unlisted', language: 'en' }, token)
    .offers.posts!;
  const grafana = grafanaConnection({ url, token: env }, token).offers.annotations!;
  const calendar = caldavConnection({ url: `${url}/ops/`, user: 'interlock', password: env }, token).offers
    .calendar!;
  const incidents = { priorities: {}, high: 'S1', low: 'S3' } as const;
  const pagerduty = pagerdutyConnection({ api: url, token: env, incidents }, { token, hooks: [] }).offers;
  const silences = alertmanagerConnection(url).offers.silences!;
  const silence = {
    ...handed,
    matchers: { instance: 'db-01' },
    from: 0,
    to: 1,
    by: 'ben',
    comment: 'CHG-1',
    known: null,
  };
  const blocked = { place: 'acme/shop', environment: 'production', answerTo: 'deployments' };
  return {
    'slack, a message': (signal) => chat.post(message, signal),
    'mattermost, a message': (signal) => mattermost.post(message, signal),
    'mastodon, a post': (signal) => mastodon.post(message, signal),
    'grafana, a mark': (signal) => grafana.annotate({ ...handed, text: 'begins', at: 0, tags: [] }, signal),
    'github, an issue': (signal) => of('github').tracker!.open(issue, signal),
    'gitlab, an issue': (signal) => of('gitlab').tracker!.open(issue, signal),
    'github, incidents': async (signal) =>
      seen(await of('github').incidents!.open({ signal, note: () => undefined })),
    'caldav, an event': (signal) => calendar.keep({ ...handed, by: 'a-log', event, known: null }, signal),
    'caldav, an event to take out': (signal) =>
      calendar.remove({ ...handed, by: 'a-log', uid: event.uid, known: '"1"' }, signal),
    'caldav, the whole': async (signal) => seen(await calendar.look([event.uid], signal)),
    'alertmanager, a silence': (signal) => silences.silence(silence, signal),
    'github, a deployment': (signal) =>
      waiting(of('github-deployments'), { ...blocked, answerTo: '30433642' }, signal),
    'gitlab, a deployment': (signal) => waiting(of('gitlab-deployments'), blocked, signal),
    'pagerduty, who is on call': async (signal) => seen(await shiftsOf(pagerduty, signal)),
    'pagerduty, incidents': async (signal) =>
      seen(await pagerduty.incidents!.open({ signal, note: () => undefined })),
    'opsgenie, who is on call': async (signal) =>
      seen(await shiftsOf(opsgenieConnection({ api: url, token: env }, token).offers, signal)),
    'terraform, a run': (signal) => waiting(of('terraform'), askedBy(hearing.get('terraform')!, url), signal),
  };
}

/** Those that give an answer at once, and have times of their own to wait for one. `issuer`: where a provider is whose tokens come from the address. */
export function askedElsewhere(url: string, issuer: string): Readonly<Record<string, Asking>> {
  const read = shiftCalendar({ allowPrivate: true });
  const budgets = budgetReader(url, strictMonitoring());
  const question = {
    url,
    format: 'icalendar' as const,
    etag: null,
    modified: null,
    zone: null,
    from: 0,
    to: HOUR_MS,
  };
  return {
    'a calendar': async () => {
      const answer = await read.read(question);
      if (answer !== null && answer.events.length === 0) throw new Error('it says nothing');
      return TAKEN;
    },
    'alertmanager, alerts': async () => {
      const answer = await alertSource(url).alerts();
      return 'because' in answer ? later(answer.because) : TAKEN;
    },
    'prometheus, an error budget': async () => {
      const asked = { query: 'budget', selectors: ['up'], nowMs: Date.now() };
      const { remaining, raw } = await budgets.read(asked);
      return remaining === null ? later(raw.map(({ body }) => body).join(' ')) : TAKEN;
    },
    'the identity provider, what it says of itself': async () => {
      const page = await openIdProvider(agreed(url)).begin(FLOW);
      return page === null ? later('none that can be read') : TAKEN;
    },
    'the identity provider, a person': async () => {
      const said = await openIdProvider(agreed(issuer)).complete('code=one&state=state', FLOW);
      return said.kind === 'vouched' ? TAKEN : later(`${said.kind}: ${said.because}`);
    },
    'slack, an address of its socket': (signal) => firstTrouble(`${url}/api/`, signal),
  };
}

/** Proves that monitoring lives, by programs that are all at one address; for so long. */
export async function proofBy(url: string, timeout: number) {
  const endpoints = () => ({ prometheus: url, alertmanager: url, thanos: { url } });
  const prover = createMonitoringProver({ settings: { ...strictMonitoring(), timeout }, endpoints });
  return prover.prove('illumidesk.com', { targets: ['db-01'], nowMs: Date.now() });
}

/** The parts of monitoring that live, by programs that are all at one address. */
export async function livesBy(url: string): Promise<readonly string[]> {
  const proof = await proofBy(url, 5_000);
  return (['prometheus', 'alertmanager', 'thanos'] as const).filter((part) => proof[part] === 'pass');
}

const TAKEN: Taken = { kind: 'taken', receipt: null };
const later = (because: string): Taken => ({ kind: 'later', because, retryAfterMs: null });
const FLOW = { state: 'state', nonce: 'nonce', verifier: 'v'.repeat(43), again: false };
const agreed = (issuer: string) => ({
  issuer,
  clientId: 'interlock',
  clientSecret: 'agreed between the two of them',
  publicUrl: 'https://interlock.example',
  title: 'A provider',
  signedBy: 'RS256',
  groupsClaim: 'groups',
  nameClaim: 'preferred_username',
  scope: 'openid',
});

/** A provider that says of itself what is right, and that its tokens come from another address. */
export function startMetadata(hostile: string): Promise<Peer> {
  return httpPeer(({ headers }) => ({
    status: 200,
    json: {
      issuer: `http://${headers.host}`,
      authorization_endpoint: `${hostile}/authorize`,
      token_endpoint: `${hostile}/token`,
      jwks_uri: `${hostile}/keys`,
      userinfo_endpoint: `${hostile}/person`,
    },
  }));
}

/** Listens at Slack until the first thing that goes wrong. */
async function firstTrouble(api: string, signal: AbortSignal): Promise<Taken> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const listening = slackListens(api, new Secret('xapp-a-token'))(() => Promise.resolve({}), resolve);
  signal.addEventListener('abort', () => resolve('it was given up'), { once: true });
  const because = await promise;
  await listening.stop();
  return later(because);
}

function shiftsOf({ onCall }: Connection['offers'], signal: AbortSignal) {
  const asked = { schedule: 'PI7DH85', from: 0, to: HOUR_MS, writtenSince: 0 };
  return onCall!.shifts(asked, { signal, note: () => undefined });
}

function seen(said: { readonly kind: string } | Taken): Taken {
  return said.kind === 'seen' ? { kind: 'taken', receipt: null } : (said as Taken);
}

async function waiting(
  { deployments }: Connection['offers'],
  asked: AskedDeployment,
  signal: AbortSignal,
): Promise<Taken> {
  const found = await deployments!.waiting(asked, signal);
  if (found.kind !== 'waiting') return found;
  const [one] = found.deployments;
  return one
    ? one.answer({ allowed: true, because: 'no rule says no' }, signal)
    : { kind: 'taken', receipt: null };
}

function askedBy({ hears }: Connection, url: string): AskedDeployment {
  const { headers, body } = runTaskRequest(url, SECRET);
  const heard = hears!({ headers, body: Buffer.from(body), receivedAtMs: 0 });
  const told = heard.kind === 'heard' ? heard.events[0] : undefined;
  if (told?.kind !== 'deployment-asked') throw new Error(`expected an event, got ${JSON.stringify(heard)}`);
  return told;
}
