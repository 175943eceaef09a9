import type {
  Connection,
  Seen,
  SeenComment,
  SeenIssue,
  Taken,
  Tracker,
  TrackerComment,
  WantedIssue,
} from '../../app/ports/connection.ts';
import type { Looking } from '../../app/ports/on-call.ts';
import type { GithubSettings } from '../../contract/integrations/github.ts';
import type { Client } from '../peer/lending.ts';
import type { Secret } from '../peer/secret.ts';
import { labelledIncidents, type LabelledIssue } from '../tracker/incidents.ts';
import { elsewhere, issueIn, numberIn } from '../tracker/names.ts';
import { placesOf } from '../tracker/places.ts';
import { askPages, askRest, type Rest } from '../tracker/rest.ts';
import { changesOf, keptDigest, markOf, withSection, type Kept } from '../tracker/section.ts';
import { account, comment as commentShape, issue as issueShape, labelList, type Issue } from './api.ts';
import { githubHears } from './hears.ts';
import { githubLending, webOf } from './lending.ts';
import { mayWrite } from './may-write.ts';

export interface GithubSecrets {
  readonly token: Secret;
  readonly hooks: readonly Secret[];
  /** Where people may lend the right to comment. */
  readonly client?: Client | null;
}

interface Place extends Rest {
  readonly repository: string;
  /** Path of the repository's issues. */
  readonly issues: string;
}

/** GitHub, as a machine user in one repository, or in one for each environment that has its own. Its receipts are `org/repository#12` and the digest of what GitHub keeps of our part. */
export function githubConnection(
  settings: GithubSettings,
  { token, hooks, client = null }: GithubSecrets,
): Connection {
  const { incidents } = settings;
  const repositories = placesOf(settings.repository);
  const api = settings.api.replace(/\/+$/, '');
  const headers = () => ({
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'user-agent': 'interlock',
  });
  const at = (repository: string): Place => ({ api, headers, repository, issues: issuesOf(repository) });
  const of = (issue: string) => at(repositories.ofIssue(issue));
  const tracker: Tracker = {
    comment: (comment, signal) => say(of(comment.issue), comment, signal),
    close: (word, signal) => close(of(word.issue), word, signal),
    addressOf: (issue) => addressOf(api, issue),
    open: (wanted, signal) => open(at(repositories.of(wanted.environment)), wanted, signal),
    keep: (wanted, signal) => keep(of(wanted.issue), wanted, signal),
    look: (issue, since, signal) => look(of(issue), issue, since, signal),
    opensAt: repositories.opensAt,
  };
  return {
    name: 'github',
    peer: `${new URL(api).host} ${repositories.all.join(', ')}`,
    offers: {
      tracker,
      ...(incidents && {
        incidents: labelledIncidents(repositories, incidents.label, {
          labelled: (repository, looking) => labelled(at(repository), incidents.label, looking),
          one: (name, looking) => oneOf(of(name), name, looking),
        }),
      }),
      ...(client && { lending: githubLending(api, client, (issue) => pathOf(of(issue), issue)) }),
    },
    hears: hooks.length > 0 ? githubHears(repositories.all, hooks) : null,
    test: (signal) => mayWrite({ api, headers }, repositories, signal),
  };
}

async function open(place: Place, wanted: WantedIssue, signal: AbortSignal): Promise<Taken> {
  const us = await askRest(place, account, { path: '/user', signal });
  if (us.kind !== 'seen') return us;
  const mark = markOf(wanted.id);
  // The list is exact at once, GitHub's search is not; what was begun before is among the newest of ours.
  const path = `${place.issues}?state=all&sort=created&direction=desc&creator=${encodeURIComponent(us.found.login)}`;
  const before = await askPages(place, issueShape, { path, signal });
  if (before.kind !== 'seen') return before;
  const found = before.found.find(
    ({ body, user }) => body?.includes(mark) === true && user.id === us.found.id,
  );
  if (found) return keep(place, { ...wanted, issue: `${place.repository}#${found.number}` }, signal);
  const { title, labels } = wanted;
  const json = { title, body: `${mark}\n${withSection('', wanted.section)}`, labels };
  const made = await askRest(place, issueShape, { method: 'POST', path: place.issues, json, signal });
  return made.kind === 'seen' ? receiptOf(place, made.found) : made;
}

async function keep(
  place: Place,
  wanted: WantedIssue & { readonly issue: string },
  signal: AbortSignal,
): Promise<Taken> {
  // It was opened there by us: where the repository of new ones is another by now, that one stays.
  const there = placeOf(place, wanted.issue);
  const path = pathOf(there, wanted.issue);
  if (path === null) return elsewhere(place.repository, wanted.issue);
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  // GitHub has no due dates.
  const changes = changesOf(keptOf(now.found), { ...wanted, due: null });
  if (changes === null) return receiptOf(there, now.found);
  const { text, add, remove, turns } = changes;
  // At once, for what somebody writes into the text between our looking and this is lost.
  const json = { ...(text !== null && { body: text }), ...(turns && { state: turns }) };
  if (text !== null || turns) {
    const made = await askRest(place, issueShape, { method: 'PATCH', path, json, signal });
    if (made.kind !== 'seen' || add.length + remove.length === 0)
      return made.kind === 'seen' ? receiptOf(there, made.found) : made;
  }
  const said = await relabel(place, `${path}/labels`, { add, remove }, signal);
  if (said.kind !== 'seen') return said;
  const then = await askRest(place, issueShape, { path, signal });
  return then.kind === 'seen' ? receiptOf(there, then.found) : then;
}

/** One by one: a list of all of them would take away what somebody adds meanwhile. */
async function relabel(
  place: Place,
  path: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  signal: AbortSignal,
): Promise<Seen<unknown>> {
  for (const label of remove) {
    const one = { method: 'DELETE', path: `${path}/${encodeURIComponent(label)}`, signal } as const;
    const gone = await askRest(place, labelList, one);
    // One that somebody took away meanwhile is not there.
    if (gone.kind === 'later') return gone;
  }
  if (add.length === 0) return { kind: 'seen', found: null };
  return askRest(place, labelList, { method: 'POST', path, json: { labels: add }, signal });
}

async function look(
  place: Place,
  name: string,
  sinceMs: number,
  signal: AbortSignal,
): Promise<Seen<SeenIssue>> {
  const path = pathOf(place, name);
  if (path === null) return elsewhere(place.repository, name);
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  const us = await askRest(place, account, { path: '/user', signal });
  if (us.kind !== 'seen') return us;
  const since = encodeURIComponent(new Date(sinceMs).toISOString());
  const seen = await askPages(place, commentShape, { path: `${path}/comments?since=${since}`, signal });
  if (seen.kind !== 'seen') return seen;
  const comments = seen.found.map(
    ({ id, user, body, created_at: created, updated_at: updated, ...more }): SeenComment => ({
      id: String(id),
      author: String(user.id),
      authorName: user.login,
      // An app may write as whoever allowed it: that is a program too.
      bot:
        user.type !== 'User' || user.id === us.found.id || (more.performed_via_github_app ?? null) !== null,
      body,
      writtenAt: Date.parse(created),
      edited: updated !== created,
    }),
  );
  return { kind: 'seen', found: { kept: keptDigest(keptOf(now.found)), comments } };
}

async function say(place: Place, comment: TrackerComment, signal: AbortSignal): Promise<Taken> {
  const path = pathOf(placeOf(place, comment.issue), comment.issue);
  if (path === null) return elsewhere(place.repository, comment.issue);
  const mark = markOf(comment.id);
  const seen = await askPages(place, commentShape, { path: `${path}/comments`, signal });
  if (seen.kind !== 'seen') return seen;
  const before = seen.found.find(({ body }) => body.includes(mark));
  if (before) return { kind: 'taken', receipt: `${comment.issue} ${before.id}` };
  const json = { body: `${mark}\n${comment.body}` };
  const made = await askRest(place, commentShape, { method: 'POST', path: `${path}/comments`, json, signal });
  return made.kind === 'seen' ? { kind: 'taken', receipt: `${comment.issue} ${made.found.id}` } : made;
}

async function close(place: Place, word: TrackerComment, signal: AbortSignal): Promise<Taken> {
  const said = await say(place, word, signal);
  const path = pathOf(placeOf(place, word.issue), word.issue);
  if (said.kind !== 'taken' || path === null) return said;
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  if (now.found.state === 'closed') return said;
  const json = { state: 'closed' };
  const made = await askRest(place, issueShape, { method: 'PATCH', path, json, signal });
  return made.kind === 'seen' ? said : made;
}

async function labelled(place: Place, label: string, looking: Looking) {
  const path = `${place.issues}?state=open&labels=${encodeURIComponent(label)}`;
  const seen = await askPages(place, issueShape, { path, ...looking, whole: true });
  if (seen.kind !== 'seen') return seen;
  return { kind: 'seen' as const, found: seen.found.map((one) => labelledOf(place, one)) };
}

async function oneOf(place: Place, name: string, looking: Looking): Promise<Seen<LabelledIssue>> {
  const path = pathOf(place, name);
  if (path === null) return elsewhere(place.repository, name);
  const seen = await askRest(place, issueShape, { path, ...looking });
  return seen.kind === 'seen' ? { kind: 'seen', found: labelledOf(place, seen.found) } : seen;
}

/** A pull request is an issue to GitHub; it is no incident. */
function labelledOf({ repository }: Place, one: Issue): LabelledIssue {
  return {
    name: `${repository}#${one.number}`,
    title: one.title,
    labels: labelsOf(one),
    open: one.state === 'open' && one.pull_request === undefined,
  };
}

const labelsOf = ({ labels }: Issue) =>
  labels.map((label) => (typeof label === 'string' ? label : label.name));

function keptOf(issue: Issue): Kept {
  const { body, state } = issue;
  return { text: body ?? '', labels: labelsOf(issue), due: null, open: state === 'open', exposed: false };
}

function receiptOf({ repository }: Place, made: Issue): Taken {
  return { kind: 'taken', receipt: `${repository}#${made.number} ${keptDigest(keptOf(made))}` };
}

function addressOf(api: string, name: string): string | null {
  const issue = issueIn(name);
  return issue && `${webOf(api)}/${issue.place}/issues/${issue.number}`;
}

/** The repository that an issue's name says, for what we opened. */
function placeOf(place: Place, name: string): Place {
  const repository = issueIn(name)?.place;
  return repository === undefined ? place : { ...place, repository, issues: issuesOf(repository) };
}

const issuesOf = (repository: string) => `/repos/${repository}/issues`;

/** Only issues of one repository are asked for. */
function pathOf({ repository, issues }: Place, name: string): string | null {
  const number = numberIn(repository, name);
  return number === null ? null : `${issues}/${number}`;
}
