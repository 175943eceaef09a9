import { httpPeer, type Peer, type PeerRequest } from './peer.ts';

/** An annotation as the server keeps it. */
export interface Mark {
  readonly id: number;
  readonly time: number;
  readonly text: string;
  readonly tags: readonly string[];
}

/** The part of Grafana's HTTP API that marks need (grafana.com/docs, annotations API): a bearer token, search by tags, a mark without a dashboard. */
export async function startGrafana(): Promise<Peer> {
  const marks: Mark[] = [];
  return httpPeer(({ method, path, headers, body }: PeerRequest) => {
    if (!/^Bearer \S+$/.test(headers.authorization ?? ''))
      return { status: 401, json: { message: 'Unauthorized' } };
    const url = new URL(path, 'http://grafana');
    if (method === 'GET' && url.pathname === '/api/org')
      return { status: 200, json: { id: 1, name: 'illumidesk' } };
    if (url.pathname !== '/api/annotations') return { status: 404, json: { message: 'Not found' } };
    if (method === 'GET') {
      const tags = url.searchParams.getAll('tags');
      return {
        status: 200,
        json: marks.filter((mark) => tags.every((tag) => mark.tags.includes(tag))).slice(0, 1),
      };
    }
    const { time, text, tags } = JSON.parse(body.toString()) as Omit<Mark, 'id'>;
    if (typeof text !== 'string' || text === '')
      return { status: 400, json: { message: 'Failed to save annotation' } };
    const mark = { id: marks.length + 1, time, text, tags };
    marks.push(mark);
    return { status: 200, json: { message: 'Annotation added', id: mark.id }, took: mark };
  });
}
