import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from './browser.ts';
import type { TestAccount, TestServer } from './server.ts';

/** Where the web was built to; `startServer({ webRoot: builtWeb() })`. */
export function builtWeb(): string {
  const folder = path.resolve(import.meta.dirname, '../../web/dist');
  if (!existsSync(folder)) throw new Error('expected the built web in web/dist: `npm test` builds it');
  return folder;
}

export type Scheme = 'light' | 'dark';

/** A page of a server in a real browser, at which somebody looks. */
export interface TestWeb {
  readonly page: Page;
  /** What the browser complains of: scripts that failed, and what the content policy refused. */
  readonly complaints: readonly string[];
  /** Signs in and waits for the page at the address; by the way that the page of signing in takes, which a test of its own shows. */
  signIn(who: TestAccount, address?: string): Promise<void>;
  /** Goes to an address of the server. */
  go(address: string): Promise<void>;
  /** What axe finds wrong by the rules of WCAG 2.2 AA, light and dark; each with the element. None is right. */
  barriers(): Promise<string[]>;
  /**
   * Takes pictures, light and dark, wide and as on a phone, into the folder that `INTERLOCK_PICTURES` names; does nothing where it
   * names none.
   */
  picture(name: string): Promise<void>;
  /** The same of what is printed, where the page is in print already: a PDF, and a picture as wide as the paper. */
  paper(name: string): Promise<void>;
  stop(): Promise<void>;
}

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SCHEMES: readonly Scheme[] = ['light', 'dark'];

/** Opens a browser at a server; `stop()` in `afterAll`, before the server's. */
export async function openWeb(server: TestServer): Promise<TestWeb> {
  const browser: TestBrowser = await startBrowser(WIDE);
  const page = await browser.context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  const go = async (address: string) => void (await page.goto(`${server.url}${address}`));
  return {
    page,
    complaints,
    go,
    async signIn({ token }, address = '/') {
      await browser.context.clearCookies();
      const begun = await browser.context.request.post(`${server.url}/api/v1/session`, { data: { token } });
      if (!begun.ok()) throw new Error(`expected a session, got \`${begun.status()}\` ${await begun.text()}`);
      await go(address);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
    },
    barriers: () => barriersOf(page),
    picture: (name) => pictureOf(page, name),
    paper: (name) => paperOf(page, name),
    stop: () => browser.stop(),
  };
}

async function inScheme(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  // The pages that the server draws by itself take the scheme without a script.
  if ((await page.locator('#root').count()) > 0)
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
}

/** Of the second scheme only what its colours decide: all else is the same page. */
const RULES: Readonly<Record<Scheme, { readonly type: 'tag' | 'rule'; readonly values: readonly string[] }>> =
  {
    light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  };

async function barriersOf(page: Page): Promise<string[]> {
  // Not as a script of the page: that the content policy would refuse. A page that has it already needs no second.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(await axe());
  const found: string[] = [];
  for (const scheme of SCHEMES) {
    await inScheme(page, scheme);
    const lines = await page.evaluate(async (rules) => {
      // oxlint-disable-next-line typescript/no-explicit-any -- the page's own global
      const { violations } = await (globalThis as any).axe.run({
        runOnly: rules,
        resultTypes: ['violations'],
      });
      // oxlint-disable-next-line typescript/no-explicit-any -- the shape is axe's
      return violations.flatMap(({ id, nodes }: any) =>
        // oxlint-disable-next-line typescript/no-explicit-any -- the shape is axe's
        nodes.map((node: any) => `${id}: ${node.html} (${node.failureSummary})`),
      ) as string[];
    }, RULES[scheme]);
    found.push(...lines.map((line) => `${scheme}: ${line}`));
  }
  await inScheme(page, 'light');
  return found;
}

let source: Promise<string> | undefined;
const axe = () =>
  (source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));

async function pictureOf(page: Page, name: string): Promise<void> {
  const folder = process.env['INTERLOCK_PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const viewport of [WIDE, PHONE]) {
    await page.setViewportSize(viewport);
    for (const scheme of SCHEMES) {
      await inScheme(page, scheme);
      await page.screenshot({ path: path.join(folder, `${name}-${viewport.width}-${scheme}.png`) });
    }
  }
  await page.setViewportSize(WIDE);
  await inScheme(page, 'light');
}

async function paperOf(page: Page, name: string): Promise<void> {
  const folder = process.env['INTERLOCK_PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.pdf({ path: path.join(folder, `${name}.pdf`), format: 'A4', printBackground: true });
  await page.setViewportSize({ width: 794, height: 1_123 });
  await page.screenshot({ path: path.join(folder, `${name}-paper.png`), fullPage: true });
  await page.setViewportSize(WIDE);
}
