import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, sentScriptPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const BIN = path.resolve(import.meta.dirname, '../../bin/interlock.js');

let world: ChangeWorld;
let hal: TestAccount;
beforeAll(async () => {
  world = await startChangeWorld();
  hal = await world.server.account('hal', { agentOf: 'ben' });
});
afterAll(() => world.server.stop());

const NAMES = [
  'draft_plan',
  'lint_plan',
  'may_i',
  'open_request',
  'revise_draft',
  'show_request',
  'what_is_running',
];

function environment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', INTERLOCK_URL: world.server.url, ...more };
}

async function overStdio(token: string, more: Record<string, string> = {}, flags: string[] = []) {
  const client = new Client({ name: 'a-client', version: '1.0.0' });
  const env = environment({ INTERLOCK_TOKEN: token, ...more });
  const args = [BIN, 'mcp', ...flags];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  return client;
}

// A tool's answer is data of every shape.
// oxlint-disable-next-line typescript/no-explicit-any
async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<any> {
  const { structuredContent, isError } = await client.callTool({ name, arguments: given });
  return { isError: isError === true, ...(structuredContent as Record<string, unknown>) };
}

const KIND = {
  environment: 'illumidesk.com',
  criticality: 'C4',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};

describe('interlock mcp by standard input and output', () => {
  let client: Client;
  beforeAll(async () => {
    client = await overStdio(hal.token);
  });
  afterAll(() => client.close());

  it('offers to ask and to prepare', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(NAMES);
    for (const { inputSchema, description } of tools)
      expect(inputSchema.type === 'object' && (description?.length ?? 0) > 20).toBe(true);
  });

  it('answers what the gate answers, and has it recorded as the agent', async () => {
    const before = (await world.server.ledger()).length;
    const yes = await call(client, 'may_i', KIND);
    expect(yes).toMatchObject({ isError: false, allowed: true });
    const no = await call(client, 'may_i', { ...KIND, environment: 'elsewhere.example' });
    expect(no).toMatchObject({ isError: false, allowed: false });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'decision', outcome: 'allow', actor: { subject: 'hal' } },
      { type: 'decision', outcome: 'deny', actor: { subject: 'hal' } },
    ]);
    // Half of a question, or one and a half: left out silently, the answer would be to another one.
    for (const half of [
      { environment: 'illumidesk.com' },
      { ...KIND, action: 'start' },
      { ...KIND, change: 'CHG-1' },
    ]) {
      expect(await call(client, 'may_i', half)).toMatchObject({ isError: true, code: 'invalid' });
    }
  });

  it('drafts, lints and opens a request of its human', async () => {
    const template = await call(client, 'draft_plan', { template: 'c3' });
    expect(template.placeholders.length).toBeGreaterThan(3);
    const linted = await call(client, 'lint_plan', { file: 'plan.yaml', plan: template.plan });
    expect(linted.findings).toContainEqual(expect.objectContaining({ rule: 'placeholder' }));
    const opened = await call(client, 'open_request', sentPlan());
    expect(opened).toMatchObject({ isError: false, author: 'ben', openedBy: 'hal' });
    const shown = await call(client, 'show_request', { change: opened.id });
    expect(shown).toMatchObject({ id: opened.id, author: 'ben' });
    const draft = await call(client, 'open_request', { ...sentPlan(), draft: true });
    const sent = sentPlan({ set: { title: 'Another title' } });
    const { id, version } = draft;
    const revised = await call(client, 'revise_draft', { ...sent, change: id, version });
    expect(revised).toMatchObject({ isError: false, title: 'Another title' });
    const again = await call(client, 'revise_draft', { ...sent, change: opened.id, version: opened.version });
    expect(again).toMatchObject({ isError: true, code: 'not_permitted' });
  });

  it('reads scripts from what it was sent, never from this host', async () => {
    const sent = sentScriptPlan({ set: { 'steps.2.script.path': '../../../../../etc/passwd' } });
    const linted = await call(client, 'lint_plan', sent);
    expect(JSON.stringify(linted)).not.toContain('root:');
    expect(linted.findings.some(({ level }: { level: string }) => level === 'error')).toBe(true);
  });

  it('says what runs', async () => {
    const claimed = await world.server.ask('POST', '/api/v1/claims', {
      token: hal.token,
      body: { ...KIND, idempotencyKey: 'of-this-very-test' },
    });
    expect(await call(client, 'what_is_running')).toMatchObject({
      runs: [],
      claims: [{ id: claimed.body.id, person: 'hal' }],
      incidents: [],
      vetoes: [],
    });
    await world.server.ask('POST', `/api/v1/claims/${claimed.body.id}/release`, {
      token: hal.token,
      body: { outcome: 'succeeded' },
    });
  });

  it('makes dry runs on a bastion where it was told to, of its own human’s requests alone', async () => {
    const bastion = { INTERLOCK_BASTION_KEY: world.bastion };
    const dry = await overStdio(hal.token, bastion, ['--dry-run']);
    try {
      expect((await dry.listTools()).tools.map(({ name }) => name)).toContain('dry_run');
      const { id } = await call(dry, 'open_request', sentPlan());
      expect(await call(dry, 'dry_run', { change: id })).toMatchObject({ isError: false, by: 'hal' });
      const others = await world.open();
      expect(await call(dry, 'dry_run', { change: others.id })).toMatchObject({
        isError: true,
        code: 'not_permitted',
      });
    } finally {
      await dry.close();
    }
  });

  it('serves no token but an agent’s', async () => {
    await expect(overStdio(world.ben.token)).rejects.toThrow();
  });
});

describe('interlock mcp by HTTP', () => {
  let child: ChildProcess;
  let url: string;
  beforeAll(async () => {
    // A token of its own would be lent to nobody: it is there to be seen not to count.
    const env = environment({ INTERLOCK_TOKEN: hal.token });
    child = spawn(process.execPath, [BIN, 'mcp', '--http', '--port', '0'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    url = await new Promise((resolve, reject) => {
      child.once('exit', (status) => reject(new Error(`expected it to serve, got its end with ${status}`)));
      child.stdout?.on('data', (text: Buffer) => {
        const [found] = /http:\S+/.exec(text.toString()) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
  });
  afterAll(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await gone).toBe(0);
  });

  it.each(['auto', 'legacy'] as const)('serves whoever brings an agent’s token (%s)', async (mode) => {
    const client = new Client({ name: 'a-client', version: '1.0.0' }, { versionNegotiation: { mode } });
    const headers = { authorization: `Bearer ${hal.token}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    expect((await client.listTools()).tools.map(({ name }) => name).toSorted()).toEqual(NAMES);
    expect(await call(client, 'may_i', KIND)).toMatchObject({ allowed: true });
    await client.close();
  });

  const send = (headers: Record<string, string>, body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}') =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    });

  it('turns away who brings none, a person’s, or another site’s page', async () => {
    expect((await send({})).status).toBe(401);
    expect((await send({ authorization: `Bearer ilk_${'A'.repeat(43)}` })).status).toBe(401);
    expect((await send({ authorization: `Bearer ${world.ben.token}` })).status).toBe(403);
    const ours = { authorization: `Bearer ${hal.token}` };
    expect((await send({ ...ours, origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ ...ours, origin: 'null' })).status).toBe(403);
    expect((await send(ours)).status).toBe(200);
  });

  it('answers a body that is too large, or is nothing, and lives on', async () => {
    const ours = { authorization: `Bearer ${hal.token}` };
    expect((await send(ours, `{"a":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
    expect((await send(ours, '{')).status).toBe(400);
    expect((await send(ours)).status).toBe(200);
  });
});
