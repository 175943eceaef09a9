import type { PublicStatus } from '../app/audience/status.ts';
import { escaped, PAGE, RSS } from './status-text.ts';

/** RSS 2.0 (rssboard.org/rss-specification), for readers that know no Atom. */
export function rssFeed({ title, told }: PublicStatus, origin: string): string {
  const page = escaped(origin + PAGE);
  const items = told.map(
    (one) => `<item>
<guid isPermaLink="false">urn:uuid:${one.id}</guid>
<title>${escaped(one.title)}</title>
<link>${page}</link>
<pubDate>${new Date(one.at).toUTCString()}</pubDate>
<description>${escaped(escaped(one.text))}</description>
</item>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escaped(title)}</title>
<link>${page}</link>
<atom:link rel="self" type="application/rss+xml" href="${escaped(origin + RSS)}"/>
<description>${escaped(title)}</description>
${items.join('')}</channel>
</rss>
`;
}
