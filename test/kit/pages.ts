import type { TestServer } from './server.ts';

/** Walks a list page by page, each of so many, and gives what each page holds. */
export async function walkPages<Row = { readonly id: string }>(
  { server, token }: { readonly server: TestServer; readonly token: string },
  { path, list, limit }: { readonly path: string; readonly list: string; readonly limit: number },
): Promise<Row[][]> {
  const pages: Row[][] = [];
  let before: string | null = '';
  while (before !== null) {
    const from = before === '' ? '' : `&before=${before}`;
    const answer = await server.ask('GET', `${path}?limit=${limit}${from}`, { token });
    if (answer.status !== 200) throw new Error(`expected a page, got ${JSON.stringify(answer.body)}`);
    pages.push(answer.body[list]);
    before = answer.body.next;
    if (pages.length > 1_000) throw new Error(`expected ${path} to end, got page after page`);
  }
  return pages;
}
