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
import type { GitlabSettings } from '../../contract/integrations/gitlab.ts';
import type { Client } from '../peer/lending.ts';
import type { Secret } from '../peer/secret.ts';
import { changesOf, keptDigest, markOf, withSection, wordOf, type Kept } from '../tracker/section.ts';
import { labelledIncidents, type LabelledIssue } from '../tracker/incidents.ts';
import { elsewhere, issueIn, numberIn } from '../tracker/names.ts';
import { placesOf } from '../tracker/places.ts';
import { askPages, askRest, type Rest } from '../tracker/rest.ts';
import { issue as issueShape, noteOf, user, type Issue } from './api.ts';
import { gitlabHears } from './hears.ts';
import { gitlabLending } from './lending.ts';
import { mayWrite } from './may-write.ts';

export interface GitlabSecrets {
  readonly token: Secret;
  readonly hooks: readonly Secret[];
  /** Where people may lend the right to comment. */
  readonly client?: Client | null;
}

interface Place extends Rest {
  readonly project: string;
  /** Path of the project's issues. */
  readonly issues: string;
  readonly confidential: boolean;
}

/** GitLab, as a bot in one project, or in one for each environment that has its own. Its receipts are `group/project#12` and the digest of what GitLab keeps of our part. */
export function gitlabConnection(
  settings: GitlabSettings,
  { token, hooks, client = null }: GitlabSecrets,
): Connection {
  const { confidential, incidents } = settings;
  const projects = placesOf(settings.project);
  const root = settings.url.replace(/\/+$/, '');
  const api = `${root}/api/v4`;
  const headers = () => ({ 'private-token': token.reveal() });
  const at = (project: string): Place => ({ api, headers, project, issues: issuesOf(project), confidential });
  const of = (issue: string) => at(projects.ofIssue(issue));
  const tracker: Tracker = {
    comment: (comment, signal) => say(of(comment.issue), comment, signal),
    close: (word, signal) => close(of(word.issue), word, signal),
    addressOf: (issue) => addressOf(root, issue),
    open: (wanted, signal) => open(at(projects.of(wanted.environment)), wanted, signal),
    keep: (wanted, signal) => keep(of(wanted.issue), wanted, signal),
    look: (issue, since, signal) => look(of(issue), issue, since, signal),
    opensAt: projects.opensAt,
  };
  return {
    name: 'gitlab',
    peer: `${new URL(api).host} ${projects.all.join(', ')}`,
    offers: {
      tracker,
      ...(incidents && {
        incidents: labelledIncidents(projects, incidents.label, {
          labelled: (project, looking) => labelled(at(project), incidents.label, looking),
          one: (name, looking) => oneOf(of(name), name, looking),
        }),
      }),
      ...(client && { lending: gitlabLending(root, client, (issue) => pathOf(of(issue), issue)) }),
    },
    hears: hooks.length > 0 ? gitlabHears(projects.all, hooks) : null,
    test: (signal) => mayWrite({ api, headers }, projects, signal),
  };
}

async function open(place: Place, wanted: WantedIssue, signal: AbortSignal): Promise<Taken> {
  const mark = markOf(wanted.id);
  const search = `${place.issues}?in=description&state=all&search=${wordOf(mark)}`;
  const before = await askPages(place, issueShape, { path: search, signal });
  if (before.kind !== 'seen') return before;
  const us = await askRest(place, user, { path: '/user', signal });
  if (us.kind !== 'seen') return us;
  // Somebody may copy our mark; an issue that we did not open is none of ours.
  const found = before.found.find(
    ({ description, author }) => description?.includes(mark) === true && author.id === us.found.id,
  );
  if (found) return keep(place, { ...wanted, issue: `${place.project}#${found.iid}` }, signal);
  const json = {
    title: wanted.title,
    description: `${mark}\n${withSection('', wanted.section)}`,
    labels: wanted.labels.join(','),
    confidential: place.confidential,
    ...(wanted.due !== null && { due_date: wanted.due }),
  };
  const made = await askRest(place, issueShape, { method: 'POST', path: place.issues, json, signal });
  return made.kind === 'seen' ? receiptOf(place, made.found) : made;
}

async function keep(
  place: Place,
  wanted: WantedIssue & { readonly issue: string },
  signal: AbortSignal,
): Promise<Taken> {
  // It was opened there by us: where the project of new ones is another by now, that one stays.
  const there = placeOf(place, wanted.issue);
  const path = pathOf(there, wanted.issue);
  if (path === null) return elsewhere(place.project, wanted.issue);
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  const changes = changesOf(keptOf(there, now.found), wanted);
  if (changes === null) return receiptOf(there, now.found);
  const { text, add, remove, due, turns, hide } = changes;
  const json = {
    ...(text !== null && { description: text }),
    ...(add.length > 0 && { add_labels: add.join(',') }),
    ...(remove.length > 0 && { remove_labels: remove.join(',') }),
    ...(due && { due_date: due.day ?? '' }),
    ...(turns && { state_event: turns === 'open' ? 'reopen' : 'close' }),
    ...(hide && { confidential: true }),
  };
  const made = await askRest(place, issueShape, { method: 'PUT', path, json, signal });
  return made.kind === 'seen' ? receiptOf(there, made.found) : made;
}

async function look(
  place: Place,
  name: string,
  sinceMs: number,
  signal: AbortSignal,
): Promise<Seen<SeenIssue>> {
  const path = pathOf(place, name);
  if (path === null) return elsewhere(place.project, name);
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  const notes = await askPages(place, noteOf, {
    path: `${path}/notes?sort=desc&order_by=created_at`,
    signal,
    goesOn: (last) => Date.parse(last.created_at) >= sinceMs,
  });
  if (notes.kind !== 'seen') return notes;
  const recent = notes.found.filter((note) => !note.system && Date.parse(note.created_at) >= sinceMs);
  const bots = await botsAmong(place, new Set(recent.map(({ author }) => author.id)), signal);
  if (bots.kind !== 'seen') return bots;
  const comments = recent.toReversed().map((note): SeenComment => ({
    id: String(note.id),
    author: String(note.author.id),
    authorName: note.author.username,
    bot: bots.found.has(note.author.id),
    body: note.body,
    writtenAt: Date.parse(note.created_at),
    edited: note.updated_at !== note.created_at,
  }));
  return { kind: 'seen', found: { kept: keptDigest(keptOf(place, now.found)), comments } };
}

/** Whoever GitLab knows as a program, or does not say. A comment itself does not bear it. */
async function botsAmong(
  place: Place,
  authors: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<Seen<ReadonlySet<number>>> {
  const us = await askRest(place, user, { path: '/user', signal });
  if (us.kind !== 'seen') return us;
  const bots = new Set([us.found.id]);
  for (const id of authors) {
    if (bots.has(id)) continue;
    const author = await askRest(place, user, { path: `/users/${id}`, signal });
    if (author.kind === 'later') return author;
    if (author.kind === 'refused' || author.found.bot !== false) bots.add(id);
  }
  return { kind: 'seen', found: bots };
}

async function say(place: Place, comment: TrackerComment, signal: AbortSignal): Promise<Taken> {
  const path = pathOf(placeOf(place, comment.issue), comment.issue);
  if (path === null) return elsewhere(place.project, comment.issue);
  const mark = markOf(comment.id);
  const notes = await askPages(place, noteOf, {
    path: `${path}/notes?sort=desc&order_by=created_at`,
    signal,
  });
  if (notes.kind !== 'seen') return notes;
  const before = notes.found.find(({ body }) => body.includes(mark));
  if (before) return { kind: 'taken', receipt: `${comment.issue} ${before.id}` };
  const json = { body: `${mark}\n${comment.body}` };
  const made = await askRest(place, noteOf, { method: 'POST', path: `${path}/notes`, json, signal });
  return made.kind === 'seen' ? { kind: 'taken', receipt: `${comment.issue} ${made.found.id}` } : made;
}

async function close(place: Place, word: TrackerComment, signal: AbortSignal): Promise<Taken> {
  const said = await say(place, word, signal);
  const path = pathOf(placeOf(place, word.issue), word.issue);
  if (said.kind !== 'taken' || path === null) return said;
  const now = await askRest(place, issueShape, { path, signal });
  if (now.kind !== 'seen') return now;
  if (now.found.state === 'closed') return said;
  const json = { state_event: 'close' };
  const made = await askRest(place, issueShape, { method: 'PUT', path, json, signal });
  return made.kind === 'seen' ? said : made;
}

async function labelled(place: Place, label: string, looking: Looking) {
  const path = `${place.issues}?state=opened&labels=${encodeURIComponent(label)}`;
  const seen = await askPages(place, issueShape, { path, ...looking, whole: true });
  if (seen.kind !== 'seen') return seen;
  return { kind: 'seen' as const, found: seen.found.map((one) => labelsOf(place, one)) };
}

async function oneOf(place: Place, name: string, looking: Looking): Promise<Seen<LabelledIssue>> {
  const path = pathOf(place, name);
  if (path === null) return elsewhere(place.project, name);
  const seen = await askRest(place, issueShape, { path, ...looking });
  return seen.kind === 'seen' ? { kind: 'seen', found: labelsOf(place, seen.found) } : seen;
}

function labelsOf({ project }: Place, { iid, title, labels, state }: Issue): LabelledIssue {
  return { name: `${project}#${iid}`, title, labels, open: state === 'opened' };
}

function keptOf(place: Place, { description, labels, due_date: due, state, confidential }: Issue): Kept {
  // What is more than wanted is left so: people may have their reason to hide an issue.
  const exposed = place.confidential && confidential === false;
  return { text: description ?? '', labels, due, open: state === 'opened', exposed };
}

function receiptOf(place: Place, made: Issue): Taken {
  return { kind: 'taken', receipt: `${place.project}#${made.iid} ${keptDigest(keptOf(place, made))}` };
}

function addressOf(root: string, name: string): string | null {
  const issue = issueIn(name);
  return issue && `${root}/${issue.place}/-/issues/${issue.number}`;
}

/** The project that an issue's name says, for what we opened. */
function placeOf(place: Place, name: string): Place {
  const project = issueIn(name)?.place;
  return project === undefined ? place : { ...place, project, issues: issuesOf(project) };
}

const issuesOf = (project: string) => `/projects/${encodeURIComponent(project)}/issues`;

/** Only issues of one project are asked for. */
function pathOf({ project, issues }: Place, name: string): string | null {
  const number = numberIn(project, name);
  return number === null ? null : `${issues}/${number}`;
}
