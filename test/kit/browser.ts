import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { programPath } from './programs.ts';

/** A real browser with a profile of its own, that asks nobody but us. */
export interface TestBrowser {
  readonly context: BrowserContext;
  stop(): Promise<void>;
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What is called so is this machine, so that names can be tried as addresses of sites.
  '--host-resolver-rules=MAP *.example 127.0.0.1',
];

const open = new Set<BrowserContext>();

/** Lets go of the pointer and loads every page anew: what a test that failed left open is not in the way of its second try. */
export async function freshPages(): Promise<void> {
  for (const page of [...open].flatMap((context) => context.pages())) {
    await page.mouse.up();
    await page.reload();
  }
}

/** Starts Chromium; `stop()` in `afterAll` leaves nothing behind. */
export async function startBrowser(viewport = { width: 1440, height: 900 }): Promise<TestBrowser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'interlock-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: programPath('chromium'),
    args: FLAGS,
    viewport,
    // A door of TLS has a certificate of its test.
    ignoreHTTPSErrors: true,
    timezoneId: 'Europe/Berlin',
    // What would move is drawn frame by frame, by the processor.
    reducedMotion: 'reduce',
  });
  open.add(context);
  return {
    context,
    async stop() {
      open.delete(context);
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
