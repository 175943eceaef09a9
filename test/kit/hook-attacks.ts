import { SOURCES, type SourceName } from './hook-sources.ts';

export const NAMES = Object.keys(SOURCES) as SourceName[];

/** A file, and words of every test in it that is this attack. */
type Tried = readonly [file: string, ...words: string[]];

const NO_TIME = 'it bears no time: the same bytes are heard once, which 24 tries';
const NOT_OVER_BYTES = 'it is known by a secret of its own in a header, which says nothing of the bytes';
const ASKS = 'it asks a question, and each time it gets the answer of that moment';
const NOBODY = 'nobody approves anything there: a program asks or tells';
const RESULT =
  'it tells of nothing that goes on or is over: a result is asked for, once, and that is what it gets';

/** By whom nobody gives a word. */
const PROGRAMS = {
  kubernetes: NOBODY,
  alertmanager: NOBODY,
  'github-deployments': NOBODY,
  'gitlab-deployments by token': NOBODY,
  'gitlab-deployments of a status check': NOBODY,
  terraform: NOBODY,
};

/** What is told of something, and in which order, against what its peer says when it is asked. */
const AS_ASKED = {
  kubernetes: ASKS,
  gitlab: ['attacks/trackers.test.ts', '25, 30: is what is asked for, whatever is told', "['gitlab'"],
  github: ['attacks/trackers.test.ts', '25, 30: is what is asked for, whatever is told', "['github'"],
  slack: 'it tells of no incidents, and of nothing else that begins and ends',
  'github-deployments': [
    'integrations/github-deployments.test.ts',
    'is looked up, and has the question of its rule',
  ],
  'gitlab-deployments by token': ['integrations/gitlab-deployments.test.ts', 'is no deployment that is done'],
  'gitlab-deployments of a status check': [
    'integrations/gitlab-deployments.test.ts',
    'is no merge request that has another commit',
  ],
  terraform: RESULT,
  pagerduty: ['http/on-call.test.ts', 'are as the API says, whatever a webhook says'],
} as const;

/** What makes no sense for a source, and why; or where it is tried with a peer of its own. */
export const ELSEWHERE: Readonly<Record<string, Partial<Record<SourceName, string | Tried>>>> = {
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
    ...AS_ASKED,
    alertmanager: ['attacks/incidents.test.ts', '(25) resolved before triggered'],
  },
  '27': {
    ...PROGRAMS,
    slack: [
      'http/chat.test.ts',
      'of nobody that is linked',
      'under a message that was edited',
      'of a bot',
      'in another channel',
    ],
    gitlab: [
      'http/tracker.test.ts',
      'an account that nobody linked',
      'an edited comment',
      'a program',
      'in another issue',
    ],
    github: [
      'attacks/trackers.test.ts',
      '27: of an account that nobody linked',
      '27: that was edited',
      '27: of a bot',
      '27: in the issue of something else',
    ],
    pagerduty: NOBODY,
  },
  '28': {
    ...PROGRAMS,
    slack: ['http/chat.test.ts', 'of a name that looks like another'],
    gitlab: ['http/tracker.test.ts', 'a name that looks alike'],
    github: ['attacks/trackers.test.ts', '28: of somebody who is shown by her name'],
    pagerduty: ['http/on-call.test.ts', 'a look-alike leaves a gap'],
  },
  '30': {
    ...AS_ASKED,
    alertmanager: ['attacks/incidents.test.ts', '(30) resolved, while it fires: stays active'],
  },
};

const deep = '['.repeat(200_000);
const inForm = (text: string) => `payload=${encodeURIComponent(text)}`;
const twice = (text: string) => {
  const [key, value] = Object.entries(JSON.parse(text) as object)[0]!;
  return text.replace('{', () => `{${JSON.stringify(key)}:${JSON.stringify(value)},`);
};
/** Who else is connected, and why nothing of this can be sent by them. What Slack says over its socket is tried in slack-socket.test.ts. */
export const NO_HOOKS: Readonly<Record<string, string>> = {
  mattermost: 'an incoming webhook there is written to, and hears nobody',
  mastodon: 'is written to alone',
  mail: 'is sent alone: no mailbox is read',
  grafana: 'is asked alone: peers-asked.test.ts',
  opsgenie: 'is asked alone: peers-asked.test.ts',
  'rota-files': 'files of this host are read',
  caldav: 'is asked alone; nothing of others in the calendar is read',
  ical: 'a calendar is fetched: what it may answer is tried in peers-asked.test.ts',
  prometheus: 'is asked alone: peers-asked.test.ts',
  oidc: 'a provider is asked alone: peers-asked.test.ts; what it signs is tried in id-token.test.ts',
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
