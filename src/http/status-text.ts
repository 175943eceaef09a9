import type { PublicEntry, PublicStatus } from '../app/audience/status.ts';

/** Where the page and its feeds are, for whoever reads them elsewhere. */
const PAGE = '/status';
const ATOM = '/status/feed.atom';
const JSON_FEED = '/status/feed.json';

/** The page for end users: plain, and without a script or a style. */
export function statusPage({ title, underWay, planned, told }: PublicStatus): string {
  const now =
    underWay.length === 0
      ? '<p>No maintenance is under way.</p>'
      : `<p><strong>Maintenance is under way.</strong></p>${list(underWay)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="alternate" type="application/atom+xml" href="${ATOM}" title="${escaped(title)}">
<link rel="alternate" type="application/feed+json" href="${JSON_FEED}" title="${escaped(title)}">
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<section aria-labelledby="now"><h2 id="now">Now</h2>${now}</section>
<section aria-labelledby="planned"><h2 id="planned">Planned</h2>${planned.length === 0 ? '<p>Nothing is planned.</p>' : list(planned)}</section>
<section aria-labelledby="told"><h2 id="told">Before</h2>${told.length === 0 ? '<p>Nothing was told lately.</p>' : list(told)}</section>
<p><a href="${ATOM}">Atom</a> · <a href="${JSON_FEED}">JSON</a></p>
</main>
</body>
</html>
`;
}

function list(entries: readonly PublicEntry[]): string {
  return `<ul>${entries.map(item).join('')}</ul>`;
}

function item({ at, title, text }: PublicEntry): string {
  return `<li><h3>${escaped(title)}</h3><p>${escaped(text)}</p><p><time datetime="${at}">${minute(at)}</time></p></li>`;
}

/** Atom (RFC 4287). */
export function atomFeed({ title, told }: PublicStatus, origin: string): string {
  const entries = told.map(
    (one) => `<entry>
<id>urn:uuid:${one.id}</id>
<title>${escaped(one.title)}</title>
<updated>${one.at}</updated>
<link href="${escaped(origin + PAGE)}"/>
<content type="text">${escaped(one.text)}</content>
</entry>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${escaped(origin + PAGE)}</id>
<title>${escaped(title)}</title>
<author><name>${escaped(title)}</name></author>
<updated>${told[0]?.at ?? '1970-01-01T00:00:00.000Z'}</updated>
<link rel="self" href="${escaped(origin + ATOM)}"/>
<link href="${escaped(origin + PAGE)}"/>
${entries.join('')}</feed>
`;
}

/** JSON Feed 1.1; the times of planned maintenance in an extension of ours. */
export function jsonFeed({ title, told }: PublicStatus, origin: string): string {
  return `${JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: origin + PAGE,
    feed_url: origin + JSON_FEED,
    items: told.map((one) => ({
      id: `urn:uuid:${one.id}`,
      url: origin + PAGE,
      title: one.title,
      content_text: one.text,
      date_published: one.at,
      ...(one.from !== null && { _maintenance: { from: one.from, to: one.to } }),
    })),
  })}\n`;
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** What XML 1.0 has no place for, escaped or not. */
// oxlint-disable-next-line no-control-regex -- these are what is left out
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text.replaceAll(NO_XML, '').replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}
