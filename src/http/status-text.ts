import type { PublicEntry, PublicStatus } from '../app/audience/status.ts';
import { STATUS_STYLE } from './status-style.ts';

/** Where the page and its feeds are, for whoever reads them elsewhere. */
export const PAGE = '/status';
const ATOM = '/status/feed.atom';
export const RSS = '/status/feed.rss';
const JSON_FEED = '/status/feed.json';

/** The page for end users: plain, without a script, and with one style that the policy of its answer names by its hash. */
export function statusPage({ title, underWay, planned, told }: PublicStatus): string {
  // What stands above already is not said again.
  const above = new Set([...underWay, ...planned].map(({ id }) => id));
  const before = told.filter(({ id }) => !above.has(id));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="alternate" type="application/atom+xml" href="${ATOM}" title="${escaped(title)}">
<link rel="alternate" type="application/rss+xml" href="${RSS}" title="${escaped(title)}">
<link rel="alternate" type="application/feed+json" href="${JSON_FEED}" title="${escaped(title)}">
<style>${STATUS_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${nowOf(underWay)}
<section aria-labelledby="planned"><h2 id="planned">Planned</h2>${planned.length === 0 ? '<p>Nothing is planned.</p>' : list(planned)}</section>
<section aria-labelledby="told"><h2 id="told">Before</h2>${before.length === 0 ? '<p>Nothing else was told lately.</p>' : list(before)}</section>
<footer><p>All times are UTC. This page is at most a minute old. To hear of news: <a href="${ATOM}">Atom</a>, <a href="${RSS}">RSS</a> or <a href="${JSON_FEED}">JSON</a> feed.</p></footer>
</main>
</body>
</html>
`;
}

function nowOf(underWay: readonly PublicEntry[]): string {
  const [state, text] =
    underWay.length === 0
      ? (['calm', 'No maintenance is under way.'] as const)
      : (['busy', 'Maintenance is under way.'] as const);
  const entries = underWay.length === 0 ? '' : list(underWay);
  return `<section aria-labelledby="now" class="${state}"><h2 id="now">Now</h2><p><strong>${text}</strong></p>${entries}</section>`;
}

function list(entries: readonly PublicEntry[]): string {
  return `<ul>${entries.map(item).join('')}</ul>`;
}

const LATE: Readonly<Record<NonNullable<PublicEntry['late']>, string>> = {
  'goes-on': 'It takes longer than was announced.',
  'not-begun': 'It has not begun yet.',
};

function item({ at, title, text, from, to, late }: PublicEntry): string {
  const when = from === null || to === null ? '' : `<p class="when">${span(from, to)}</p>`;
  return `<li><h3>${escaped(title)}</h3>${when}<p>${escaped(text)}</p>${late === null ? '' : `<p class="late">${LATE[late]}</p>`}<p class="told">Told ${time(at)}</p></li>`;
}

/** `28 Nov 2026, 22:00 to 23:00 UTC`; both days where they are two. */
function span(from: string, to: string): string {
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  const end = sameDay ? `<time datetime="${to}">${to.slice(11, 16)} UTC</time>` : time(to);
  return `${sameDay ? `<time datetime="${from}">${dayText(from)}, ${from.slice(11, 16)}</time>` : time(from)} to ${end}`;
}

function time(instant: string): string {
  return `<time datetime="${instant}">${dayText(instant)}, ${instant.slice(11, 16)} UTC</time>`;
}

const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

function dayText(instant: string): string {
  return day.format(Date.parse(instant)).replace(',', '');
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

export function escaped(text: string): string {
  return text.replaceAll(NO_XML, '').replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}
