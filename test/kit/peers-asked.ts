import type { Connection, Taken } from '../../src/app/ports/connection.ts';
import type { AskedDeployment } from '../../src/app/ports/deployments.ts';
import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { caldavConnection } from '../../src/integrations/caldav/caldav.ts';
import { grafanaConnection } from '../../src/integrations/grafana/grafana.ts';
import { shiftCalendar } from '../../src/integrations/ical/source.ts';
import { mastodonConnection } from '../../src/integrations/mastodon/mastodon.ts';
import { mattermostConnection } from '../../src/integrations/mattermost/mattermost.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { slackConnection } from '../../src/integrations/slack/slack.ts';
import { hearingConnections, SECRET } from './hook-sources.ts';
import { hookPath } from './mattermost.ts';
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
    'terraform, a run': (signal) => waiting(of('terraform'), askedBy(hearing.get('terraform')!, url), signal),
  };
}

/** Those that give an answer at once, and have times of their own to wait for one. */
export function askedElsewhere(url: string): Readonly<Record<string, Asking>> {
  const read = shiftCalendar({ allowPrivate: true });
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
      return { kind: 'taken', receipt: null };
    },
    'alertmanager, alerts': async () => {
      const answer = await alertSource(url).alerts();
      return 'because' in answer
        ? { kind: 'later', because: answer.because, retryAfterMs: null }
        : { kind: 'taken', receipt: null };
    },
  };
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
