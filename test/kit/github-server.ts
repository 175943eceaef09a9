import { createHmac } from 'node:crypto';
import { authority, bearerOf, CLIENT, tokenAnswer, type Authority } from './authority.ts';
import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

export const REPOSITORY = 'ops/production';
export const HOOK_SECRET = 'a-secret-of-the-webhook';
/** The machine user that the product is there. */
export const MACHINE = 7;

export interface GithubIssue {
  number: number;
  title: string;
  body: string | null;
  labels: { name: string }[];
  state: 'open' | 'closed';
  user: { id: number; login: string; type: string };
  pull_request?: object;
}

interface Comment {
  id: number;
  number: number;
  body: string;
  user: { id: number; login: string; type: string };
  created_at: string;
  updated_at: string;
  performed_via_github_app: object | null;
}

/** A GitHub with one repository: issues, comments, pages of them, and its webhook. */
export interface GithubServer extends Peer {
  readonly issues: GithubIssue[];
  /** Where people lend the right to comment as themselves. */
  readonly authority: Authority;
  comment(number: number, author: number, body: string, more?: Partial<Comment>): Comment;
  open(issue: Partial<GithubIssue>): GithubIssue;
  /** Does something once between what is looked at and what is then written into an issue. */
  meanwhile(act: () => void): void;
  /** What it says of its repository beside its name. */
  says: object;
  /** What GitHub sends of an issue or a comment in it. */
  webhook(number: number, repository?: string): { headers: Record<string, string>; body: string };
}

const USERS: Readonly<Record<number, readonly [login: string, type: string]>> = {
  [MACHINE]: ['interlock-machine', 'User'],
  11: ['cora', 'User'],
  12: ['rolf', 'User'],
  14: ['renovate[bot]', 'Bot'],
};
const userOf = (id: number) => {
  const [login, type] = USERS[id] ?? [`user-${id}`, 'User'];
  return { id, login, type };
};
/** GitHub's instants have no fractions. */
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

export async function startGithub(): Promise<GithubServer> {
  const issues: GithubIssue[] = [];
  const comments: Comment[] = [];
  const open: GithubServer['open'] = (issue) => {
    const made: GithubIssue = {
      number: issues.length + 1,
      title: 'An issue',
      body: null,
      labels: [],
      state: 'open',
      user: userOf(12),
      ...issue,
    };
    issues.push(made);
    return made;
  };
  const comment: GithubServer['comment'] = (number, author, body, more = {}) => {
    const at = now();
    const made = {
      id: 900 + comments.length,
      number,
      body,
      user: userOf(author),
      created_at: at,
      updated_at: at,
      performed_via_github_app: null,
      ...more,
    };
    comments.push(made);
    return made;
  };
  const people = authority('github');
  let between: (() => void) | null = null;
  const peer = await httpPeer((request) => {
    if (request.method === 'PATCH') {
      between?.();
      between = null;
    }
    if (request.path === `/repos/${REPOSITORY}`) return { status: 200, json: { ...MAY, ...server.says } };
    return ofOauth(request, people) ?? answer(request, { issues, comments, open, comment, people });
  });
  const meanwhile = (act: () => void) => {
    between = act;
  };
  const server = { ...peer, authority: people, issues, open, comment, webhook, meanwhile, says: {} };
  return server;
}

const MAY = { full_name: REPOSITORY, has_issues: true, permissions: { push: true, triage: true } };

type State = Pick<GithubServer, 'issues' | 'open' | 'comment'> & {
  readonly comments: Comment[];
  readonly people: Authority;
};
type Sent = Partial<{ title: string; body: string; labels: string[]; state: 'open' | 'closed' }>;

function ofOauth({ path, body, headers, method }: PeerRequest, people: Authority): PeerAnswer | null {
  if (path === '/login/oauth/access_token')
    return tokenAnswer(people, body.toString(), { noStatus: 200, seconds: null });
  if (path !== `/applications/${CLIENT.id}/token` || method !== 'DELETE') return null;
  const proof = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');
  if (headers.authorization !== `Basic ${proof}`) return { status: 401 };
  people.revoke((JSON.parse(body.toString()) as { access_token: string }).access_token);
  return { status: 204 };
}

function answer(request: PeerRequest, state: State): PeerAnswer {
  // A token of a person begins so here; any other is the machine's.
  const token = bearerOf(request);
  const asPerson = token.startsWith('github-') ? state.people.userOf(token) : MACHINE;
  if (asPerson === null) return { status: 401, json: { message: 'Bad credentials' } };
  const us = Number(asPerson);
  if (!request.headers.authorization) return { status: 401, json: { message: 'Bad credentials' } };
  if (!request.headers['user-agent']) return { status: 403, json: { message: 'no user agent' } };
  const url = new URL(request.path, 'http://github');
  if (url.pathname === '/user') return { status: 200, json: userOf(us) };
  const base = `/repos/${REPOSITORY}/issues`;
  if (!url.pathname.startsWith(base)) return { status: 404, json: { message: 'Not Found' } };
  const [, number, under, named] = url.pathname.slice(base.length).split('/');
  const sent = (request.body.length > 0 ? JSON.parse(request.body.toString()) : {}) as Sent;
  if (number === undefined) return ofRepository(request, url, sent, state);
  const issue = state.issues.find((one) => String(one.number) === number);
  if (!issue) return { status: 404, json: { message: 'Not Found' } };
  if (under === 'comments') return ofComments(request, url, { sent, issue, us }, state);
  if (under === 'labels') return ofLabels(issue, sent, named);
  if (request.method !== 'PATCH') return { status: 200, json: issue };
  Object.assign(issue, { ...sent, ...(sent.labels && { labels: sent.labels.map((name) => ({ name })) }) });
  return { status: 200, json: issue, took: { ...issue } };
}

/** One that is taken away is named in the path. */
function ofLabels(issue: GithubIssue, { labels = [] }: Sent, named: string | undefined): PeerAnswer {
  const gone = named === undefined ? null : decodeURIComponent(named);
  if (gone !== null && !issue.labels.some(({ name }) => name === gone))
    return { status: 404, json: { message: 'Label does not exist' } };
  const others = issue.labels.filter(({ name }) => name !== gone && !labels.includes(name));
  issue.labels = [...others, ...labels.map((name) => ({ name }))];
  return { status: 200, json: issue.labels, took: issue.labels };
}

function ofRepository(
  { method }: PeerRequest,
  { searchParams: query }: URL,
  sent: Sent,
  state: State,
): PeerAnswer {
  if (method === 'POST') {
    const { title = '', body = '', labels = [] } = sent;
    const made = state.open({ title, body, labels: labels.map((name) => ({ name })), user: userOf(MACHINE) });
    return { status: 201, json: made, took: made };
  }
  const label = query.get('labels')?.toLowerCase();
  const found = state.issues.filter(
    (issue) =>
      (query.get('creator') === null || issue.user.login === query.get('creator')) &&
      (label === undefined || issue.labels.some(({ name }) => name.toLowerCase() === label)) &&
      (query.get('state') === 'all' || issue.state === (query.get('state') ?? 'open')),
  );
  return { status: 200, json: paged(found.toReversed(), query) };
}

function ofComments(
  { method }: PeerRequest,
  { searchParams: query }: URL,
  { sent, issue, us }: { readonly sent: Sent; readonly issue: GithubIssue; readonly us: number },
  state: State,
): PeerAnswer {
  if (method === 'POST') {
    const made = state.comment(issue.number, us, sent.body ?? '');
    return { status: 201, json: made, took: made };
  }
  const since = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z');
  const found = state.comments.filter(
    ({ number, updated_at: at }) => number === issue.number && Date.parse(at) >= since,
  );
  return { status: 200, json: paged(found, query) };
}

function paged<T>(all: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  return all.slice((page - 1) * size, page * size);
}

function webhook(number: number, repository = REPOSITORY) {
  const body = JSON.stringify({
    action: 'created',
    repository: { full_name: repository },
    issue: { number },
  });
  const signature = createHmac('sha256', HOOK_SECRET).update(body).digest('hex');
  return {
    headers: { 'x-github-event': 'issue_comment', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
}
