import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

/** A collection as the server keeps it, and what was written to it. */
export interface CaldavServer extends Peer {
  readonly objects: Map<string, { text: string; tag: string }>;
}

const XML = { 'content-type': 'application/xml; charset=utf-8' };
const PATH = '/ops/production/';

/** The part of CalDAV that the calendar needs (RFC 4791 and 4918): one collection, tags, conditions, a report on names. */
export async function startCaldav(): Promise<CaldavServer> {
  const objects: CaldavServer['objects'] = new Map();
  let tags = 0;
  const peer = await httpPeer((request: PeerRequest): PeerAnswer => {
    const { method, path, headers, body } = request;
    if (!headers.authorization?.startsWith('Basic ')) return { status: 401 };
    if (method === 'PROPFIND') return { status: 207, headers: XML, text: collectionXml() };
    if (method === 'REPORT') return { status: 207, headers: XML, text: reportXml(objects, body.toString()) };
    const there = objects.get(path);
    const [wants, wantsNone] = [headers['if-match'], headers['if-none-match']];
    if (method === 'GET')
      return there
        ? { status: 200, headers: { 'content-type': 'text/calendar', etag: there.tag }, text: there.text }
        : { status: 404 };
    if ((wants !== undefined && wants !== there?.tag) || (wantsNone === '*' && there)) return { status: 412 };
    if (method === 'DELETE') return { status: objects.delete(path) ? 204 : 404, took: { method, path } };
    const tag = `"t${(tags += 1)}"`;
    objects.set(path, { text: body.toString(), tag });
    return { status: there ? 204 : 201, text: '', took: { method, path, text: body.toString() } };
  });
  return { ...peer, url: `${peer.url}${PATH}`, objects };
}

const multistatus = (inner: string) =>
  `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${inner}</d:multistatus>`;

function collectionXml(): string {
  return multistatus(
    `<d:response><d:href>${PATH}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>Production</d:displayname></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`,
  );
}

function reportXml(objects: CaldavServer['objects'], asked: string): string {
  const names = [...asked.matchAll(/<d:href>([^<]+)<\/d:href>/g)].map(([, name]) => name ?? '');
  return multistatus(
    names
      .map((name) => {
        const there = objects.get(name);
        return there
          ? `<d:response><d:href>${name}</d:href><d:propstat><d:prop><d:getetag>${there.tag.replaceAll('"', '&quot;')}</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`
          : `<d:response><d:href>${name}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>`;
      })
      .join(''),
  );
}
