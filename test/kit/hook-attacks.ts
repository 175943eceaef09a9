import { SOURCES, type SourceName } from './hook-sources.ts';

export const NAMES = Object.keys(SOURCES) as SourceName[];

const NO_TIME = 'it bears no time: the same bytes are heard once, which 24 tries';
const NOT_OVER_BYTES = 'it is known by a secret of its own in a header, which says nothing of the bytes';
const ASKED = 'what it says is a hint of what to ask; the peer is asked what is so';
const ASKS = 'it asks a question, and each time it gets the answer of that moment';
const NOBODY = 'nobody approves anything there: a program asks or tells';

/** What makes no sense for a source, and why; a file and words of it where that is tried with its own peer. */
export const ELSEWHERE: Readonly<
  Record<string, Partial<Record<SourceName, string | readonly [file: string, words: string]>>>
> = {
  '22': {
    kubernetes: NOT_OVER_BYTES,
    alertmanager: NOT_OVER_BYTES,
    'gitlab-deployments by token': NOT_OVER_BYTES,
  },
  '23': {
    kubernetes: 'it asks at this moment, and nothing is kept of it',
    alertmanager: NO_TIME,
    github: NO_TIME,
    'github-deployments': NO_TIME,
    'gitlab-deployments by token': NO_TIME,
    'gitlab-deployments of a status check': NO_TIME,
    terraform: NO_TIME,
    pagerduty: NO_TIME,
  },
  '24': { kubernetes: ASKS },
  '25': {
    kubernetes: ASKS,
    alertmanager: ['attacks/incidents.test.ts', '(25) resolved before triggered'],
    gitlab: ['http/tracker-incidents.test.ts', 'not what a webhook says'],
    github: ASKED,
    slack: 'it tells of no incidents',
    'github-deployments': ASKED,
    'gitlab-deployments by token': ASKED,
    'gitlab-deployments of a status check': ASKED,
    terraform: 'a result is asked for once, and answered once',
    pagerduty: ['http/on-call.test.ts', 'as the API says'],
  },
  '27': {
    kubernetes: NOBODY,
    slack: ['http/chat.test.ts', 'of a bot'],
    gitlab: ['http/tracker.test.ts', 'an account that nobody linked'],
    github: ['integrations/github.test.ts', 'edited'],
    alertmanager: NOBODY,
    'github-deployments': NOBODY,
    'gitlab-deployments by token': NOBODY,
    'gitlab-deployments of a status check': NOBODY,
    terraform: NOBODY,
    pagerduty: NOBODY,
  },
  '28': {
    kubernetes: NOBODY,
    slack: ['http/account-links.test.ts', 'a name that looks alike'],
    gitlab: ['http/account-links.test.ts', 'a name that looks alike'],
    github: ['http/account-links.test.ts', 'a name that looks alike'],
    alertmanager: NOBODY,
    'github-deployments': NOBODY,
    'gitlab-deployments by token': NOBODY,
    'gitlab-deployments of a status check': NOBODY,
    terraform: NOBODY,
    pagerduty: NOBODY,
  },
  '30': {
    kubernetes: ASKS,
    alertmanager: ['attacks/incidents.test.ts', '(30) resolved, while it fires: stays active'],
    gitlab: ['http/tracker-incidents.test.ts', 'not what a webhook says'],
    github: ASKED,
    slack: 'it tells of no incidents',
    'github-deployments': ['http/deployments-asked.test.ts', 'is answered once'],
    'gitlab-deployments by token': ASKED,
    'gitlab-deployments of a status check': [
      'integrations/gitlab-deployments.test.ts',
      'is no merge request that has another commit',
    ],
    terraform: ['integrations/terraform.test.ts', 'lends its token to no other address'],
    pagerduty: ['http/on-call.test.ts', 'as the API says'],
  },
};

const deep = '['.repeat(200_000);
const inForm = (text: string) => `payload=${encodeURIComponent(text)}`;
const twice = (text: string) => {
  const [key, value] = Object.entries(JSON.parse(text) as object)[0]!;
  return text.replace('{', () => `{${JSON.stringify(key)}:${JSON.stringify(value)},`);
};
/** Who else is connected, and why nothing of this can be sent by them. */
export const NO_HOOKS: Readonly<Record<string, string>> = {
  mattermost: 'an incoming webhook there is written to, and hears nobody',
  mastodon: 'is written to alone',
  mail: 'is sent alone: no mailbox is read',
  grafana: 'is asked alone',
  opsgenie: 'is asked alone',
  'rota-files': 'files of this host are read',
  caldav: 'is asked alone; nothing of others in the calendar is read',
  ical: 'a calendar is fetched: what it may answer is tried in peers-asked.test.ts',
  prometheus: 'is asked alone',
  mcp: 'an agent speaks to the command line over its own pipe, and that to the API with the token of an agent',
};

/** What a peer may sign, and nobody can make sense of, made of a sound text. */
export const SENSELESS: Readonly<Record<string, (text: string, isForm: boolean) => string | Buffer>> = {
  'too deep': (_, isForm) => (isForm ? inForm(deep) : deep),
  'with a key that stands twice': (text, isForm) => (isForm ? `${text}&text=list` : twice(text)),
  'of bytes that are no UTF-8': (text, isForm) =>
    Buffer.concat([
      Buffer.from(isForm ? `${text}&x=` : text.replace(/\}$/, ',"x":"')),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(isForm ? '' : '"}'),
    ]),
  'of nothing': () => '',
  'of another kind': (_, isForm) => (isForm ? inForm('"words"') : '"words"'),
  'of numbers that are too large': (_, isForm) =>
    isForm ? inForm('{"type":1e400}') : '{"object_kind":1e400,"issue":{"number":1e400}}',
};
