import { expect, it } from 'vitest';
import { rssFeed } from '../../src/http/status-rss.ts';

it('a word to the public is an item of RSS, whose description is HTML: a text is escaped as that first', () => {
  const word = { id: 'one', at: '2026-11-28T22:00:00.000Z', from: null, to: null, late: null };
  const told = [{ ...word, title: 'a & b: news', text: 'The shop is away for <10> minutes.' }];
  const rss = rssFeed({ title: 'The shop', underWay: [], planned: [], told }, 'https://shop.example');
  expect(rss).toContain('<title>a &amp; b: news</title>');
  expect(rss).toContain('<guid isPermaLink="false">urn:uuid:one</guid>');
  expect(rss).toContain('<pubDate>Sat, 28 Nov 2026 22:00:00 GMT</pubDate>');
  expect(rss).toContain('<description>The shop is away for &amp;lt;10&amp;gt; minutes.</description>');
});
