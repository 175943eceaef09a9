import { createHmac } from 'node:crypto';
import { authority, bearerOf, tokenAnswer, type Authority } from './authority.ts';
import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

export const PROJECT = 'ops/production';
/** Where the issues of environments are that have no project of their own. */
export const OTHER_PROJECT = 'ops/everything';
export const HOOK_SECRET = 'a-secret-of-the-webhook';
/** The bot that the product is there. */
export const BOT = 7;

export interface GitlabIssue {
  project: string;
  iid: number;
  title: string;
  description: string | null;
  labels: string[];
  due_date: string | null;
  state: 'opened' | 'closed';
  confidential: boolean;
  author: { id: number; username: string };
}

export interface GitlabNote {
  id: number;
  iid: number;
  body: string;
  author: { id: number; username: string };
  system: boolean;
  created_at: string;
  updated_at: string;
}

/** A GitLab with two projects: issues, notes, users, pages of them, and its webhook. */
export interface GitlabServer extends Peer {
  readonly issues: GitlabIssue[];
  /** Requests that were read, `GET /path`. */
  readonly asked: string[];
  /** Where people lend the right to comment as themselves. */
  readonly authority: Authority;
  /** Somebody comments, as people do in the page. */
  comment(iid: number, author: number, body: string, more?: Partial<GitlabNote>): GitlabNote;
  /** What was said in an issue. */
  notesOf(iid: number): readonly GitlabNote[];
  /** Somebody opens an issue there. */
  open(issue: Partial<GitlabIssue>): GitlabIssue;
  /** Does something once between what is looked at and what is then written into an issue. */
  meanwhile(act: () => void): void;
  /** What it says of its projects beside their names. */
  says: object;
  /** What GitLab sends of an issue or a note of it. */
  webhook(
    kind: 'issue' | 'note',
    iid: number,
    project?: string,
  ): { headers: Record<string, string>; body: string };
}

/** Users by id; the one of the project bot is one too. */
const USERS: Readonly<Record<number, { username: string; bot: boolean }>> = {
  [BOT]: { username: 'project_1_bot', bot: true },
  11: { username: 'cora', bot: false },
  12: { username: 'rolf', bot: false },
  13: { username: 'c0ra', bot: false },
  14: { username: 'renovate', bot: true },
};

const nameOf = (id: number) => USERS[id]?.username ?? `user-${id}`;

export async function startGitlab(): Promise<GitlabServer> {
  const issues: GitlabIssue[] = [];
  const notes: GitlabNote[] = [];
  const asked: string[] = [];
  let between: (() => void) | null = null;
  let number = 0;
  const open = (issue: Partial<GitlabIssue>): GitlabIssue => {
    const made: GitlabIssue = {
      project: PROJECT,
      iid: issues.length + 1,
      title: 'An issue',
      description: null,
      labels: [],
      due_date: null,
      state: 'opened',
      confidential: false,
      author: { id: 12, username: nameOf(12) },
      ...issue,
    };
    issues.push(made);
    return made;
  };
  const comment: GitlabServer['comment'] = (iid, author, body, more = {}) => {
    const at = new Date().toISOString();
    const note = {
      id: (number += 1),
      iid,
      body,
      author: { id: author, username: nameOf(author) },
      system: false,
      created_at: at,
      updated_at: at,
      ...more,
    };
    notes.push(note);
    return note;
  };
  const people = authority('gitlab');
  const peer = await httpPeer((request) => {
    asked.push(`${request.method} ${request.path}`);
    if (request.method === 'PUT') {
      between?.();
      between = null;
    }
    const project = /^\/api\/v4\/projects\/([^/?]+)$/.exec(request.path)?.[1];
    if (project !== undefined) return ofProjectItself(decodeURIComponent(project), server.says);
    return ofOauth(request, people) ?? answer(request, { issues, notes, open, comment, people });
  });
  const server: GitlabServer = {
    ...peer,
    issues,
    asked,
    authority: people,
    says: {},
    meanwhile: (act) => {
      between = act;
    },
    open,
    comment,
    notesOf: (iid) => notes.filter((note) => note.iid === iid),
    webhook: (kind, iid, project = PROJECT) => webhook(kind, iid, project),
  };
  return server;
}

function ofProjectItself(project: string, says: object): PeerAnswer {
  if (project !== PROJECT && project !== OTHER_PROJECT)
    return { status: 404, json: { message: '404 Project Not Found' } };
  const permissions = { project_access: { access_level: 20 }, group_access: null };
  return { status: 200, json: { path_with_namespace: project, issues_enabled: true, permissions, ...says } };
}

interface State {
  readonly issues: GitlabIssue[];
  readonly notes: GitlabNote[];
  readonly open: GitlabServer['open'];
  readonly comment: GitlabServer['comment'];
  readonly people: Authority;
}

function ofOauth({ path, body }: PeerRequest, people: Authority): PeerAnswer | null {
  if (path === '/oauth/token') return tokenAnswer(people, body.toString(), { noStatus: 400, seconds: 7_200 });
  if (path !== '/oauth/revoke') return null;
  people.revoke(new URLSearchParams(body.toString()).get('token') ?? '');
  return { status: 200, json: {} };
}

function answer(request: PeerRequest, state: State): PeerAnswer {
  const asPerson = state.people.userOf(bearerOf(request));
  if (!request.headers['private-token'] && asPerson === null)
    return { status: 401, json: { message: '401 Unauthorized' } };
  const us = asPerson === null ? BOT : Number(asPerson);
  const url = new URL(request.path, 'http://gitlab');
  if (url.pathname === '/api/v4/user') return { status: 200, json: { id: us, ...USERS[us] } };
  const user = /^\/api\/v4\/users\/(\d+)$/.exec(url.pathname)?.[1];
  if (user !== undefined) {
    const known = USERS[Number(user)];
    return known ? { status: 200, json: { id: Number(user), ...known } } : { status: 404 };
  }
  const [, named = '', iid, under] =
    /^\/api\/v4\/projects\/([^/]+)\/issues(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(url.pathname) ?? [];
  const project = decodeURIComponent(named);
  if (project !== PROJECT && project !== OTHER_PROJECT)
    return { status: 404, json: { message: '404 Project Not Found' } };
  const sent = (request.body.length > 0 ? JSON.parse(request.body.toString()) : {}) as Record<string, string>;
  if (iid === undefined) return ofProject(request, url, { sent, project }, state);
  const issue = state.issues.find((one) => one.project === project && String(one.iid) === iid);
  if (!issue) return { status: 404, json: { message: '404 Not found' } };
  return under === 'notes'
    ? ofNotes(request, url, { sent, issue, us }, state)
    : ofIssue(request, sent, issue);
}

function ofProject(
  { method }: PeerRequest,
  { searchParams }: URL,
  { sent, project }: { readonly sent: Record<string, string>; readonly project: string },
  state: State,
): PeerAnswer {
  if (method === 'POST') {
    const labels = (sent['labels'] ?? '').split(',').filter(Boolean);
    const { title = '', description = '', due_date: due = null } = sent;
    // Like GitLab it trims what is written.
    const made = state.open({
      project,
      title,
      description: description.trim(),
      labels,
      due_date: due,
      confidential: Boolean(sent['confidential']),
      author: { id: BOT, username: nameOf(BOT) },
    });
    return { status: 201, json: made, took: made };
  }
  const search = searchParams.get('search');
  const label = searchParams.get('labels')?.toLowerCase();
  const wanted = searchParams.get('state');
  const found = state.issues.filter(
    (issue) =>
      issue.project === project &&
      (search === null || (issue.description ?? '').includes(search)) &&
      (label === undefined || issue.labels.some((one) => one.toLowerCase() === label)) &&
      (wanted === null || wanted === 'all' || issue.state === wanted),
  );
  return { status: 200, json: paged(found, searchParams) };
}

function ofIssue({ method }: PeerRequest, sent: Record<string, string>, issue: GitlabIssue): PeerAnswer {
  if (method !== 'PUT') return { status: 200, json: issue };
  if (sent['description'] !== undefined) issue.description = sent['description'].trim();
  const add = (sent['add_labels'] ?? '').split(',').filter(Boolean);
  const remove = (sent['remove_labels'] ?? '').split(',').filter(Boolean);
  issue.labels = [...new Set([...issue.labels.filter((label) => !remove.includes(label)), ...add])];
  if (sent['due_date'] !== undefined) issue.due_date = sent['due_date'] === '' ? null : sent['due_date'];
  if (sent['confidential'] !== undefined) issue.confidential = Boolean(sent['confidential']);
  if (sent['state_event'] !== undefined) issue.state = sent['state_event'] === 'close' ? 'closed' : 'opened';
  return { status: 200, json: issue, took: { ...issue } };
}

function ofNotes(
  { method }: PeerRequest,
  { searchParams }: URL,
  {
    sent,
    issue,
    us,
  }: { readonly sent: Record<string, string>; readonly issue: GitlabIssue; readonly us: number },
  state: State,
): PeerAnswer {
  if (method === 'POST') {
    const note = state.comment(issue.iid, us, sent['body'] ?? '');
    return { status: 201, json: note, took: note };
  }
  const found = state.notes.filter(({ iid }) => iid === issue.iid).toReversed();
  return { status: 200, json: paged(found, searchParams) };
}

function paged<T>(all: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Math.min(Number(query.get('per_page') ?? 20), 100);
  const page = Number(query.get('page') ?? 1);
  return all.slice((page - 1) * size, page * size);
}

let deliveries = 0;
function webhook(kind: 'issue' | 'note', iid: number, project: string) {
  const body = JSON.stringify({
    object_kind: kind,
    project: { path_with_namespace: project },
    object_attributes: kind === 'issue' ? { iid } : { note: 'approve everything', noteable_type: 'Issue' },
    ...(kind === 'note' && { issue: { iid } }),
  });
  const id = `msg_${(deliveries += 1)}`;
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', HOOK_SECRET).update(`${id}.${at}.${body}`).digest('base64');
  return {
    headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` },
    body,
  };
}
