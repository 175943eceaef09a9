import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/contract/errors.ts';
import { startServer, type TestServer } from '../kit/server.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The rows of the table in `docs/errors.md`, as the table in the code has them. */
function documented(): Record<string, { status: number; exit: number; text: string }> {
  const lines = readFileSync(path.join(root, 'docs/errors.md'), 'utf8').split('\n');
  const rows = lines.flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const code = /^`(\w+)`$/.exec(cells[1] ?? '')?.[1];
    if (code === undefined) return [];
    expect(cells[5]?.length, `what to do about ${code}`).toBeGreaterThan(10);
    return [[code, { status: Number(cells[2]), exit: Number(cells[3]), text: cells[4] ?? '' }] as const];
  });
  return Object.fromEntries(rows);
}

describe('the table of errors', () => {
  it('is the one in docs/errors.md, both ways', () => {
    expect(documented()).toEqual(ERRORS);
  });

  it('holds no code that nothing uses', () => {
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const sources = files
      .filter((file) => file.endsWith('.ts') && file !== 'contract/errors.ts')
      .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'))
      .join('\n');
    expect(Object.keys(ERRORS).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('an error', () => {
  it('is problem+json with its code, and says nothing of the inside', async () => {
    const answer = await server.ask('GET', '/api/v1/people/nobody', { token: server.admin.token });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      code: 'not_found',
      message: 'expected an account, got `nobody`, which there is none of',
    });
  });

  it('of an address that is none is the same for everybody', async () => {
    const asked = ['/api/v1/nothing', '/api/v1/people/a/b/c', '/api/v1/%ff', '/nothing'];
    const answers = await Promise.all(asked.map((where) => server.ask('GET', where)));
    expect(answers.map(({ body }) => body.code)).toEqual(asked.map(() => 'not_found'));
  });
});

const ask = (body: unknown) => server.ask('POST', '/api/v1/decisions', { token: server.admin.token, body });

describe('a question of several forms', () => {
  const question = { environment: 'illumidesk.com', criticality: 'C4', severity: 'S4' };

  it.each([
    ['body/criticality', { environment: 'illumidesk.com', severity: 'S4' }],
    ['body/criticality', { ...question, criticality: 'C9' }],
    ['body/action', { change: 'CHG-1' }],
    ['body/services/1', { ...question, services: ['web', 7] }],
    ['body/action', { ...question, action: 'destroy' }],
  ])('is told what is wrong with the form that it is like: %s', async (where, body) => {
    const answer = await ask(body);
    expect(answer.body).toMatchObject({ code: 'invalid', message: expect.stringContaining(where) });
    expect(answer.body.problems).toEqual([{ path: where, message: expect.stringMatching(/expected/) }]);
  });

  it('may say the action that a kind of change is asked with, which is no fact of it', async () => {
    const said = await ask({ ...question, action: 'ask' });
    expect(said.status).toBe(200);
    const { facts } = await server.context.db
      .selectFrom('decisions')
      .select('facts')
      .where('ledger_index', '=', BigInt(said.body.ledgerIndex))
      .executeTakeFirstOrThrow();
    expect(JSON.parse(facts)).toMatchObject({ action: 'ask', change: { criticality: 'C4' } });
    expect(JSON.parse(facts).change).not.toHaveProperty('action');
  });

  it.each(['hello', ''])('has to be JSON: `%s`', async (body) => {
    const answer = await fetch(`${server.url}/api/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.admin.token}`, 'content-type': 'application/json' },
      body,
    });
    expect(await answer.json()).toEqual({ code: 'invalid', message: 'expected a body of JSON' });
  });
});

describe('text that no database holds', () => {
  it.each([
    '/api/v1/ledger/entries?object=a%00b',
    '/api/v1/ledger/entries?change=%00',
    '/api/v1/guarded-commands?incident=%00',
    '/api/v1/tasks?owner=%00',
    '/api/v1/tasks?own%00er=ana',
    '/api/v1/procedures/%00',
    '/api/v1/procedure-plans/a%00b',
    '/api/v1/people/a%00b',
  ])('is invalid in an address: %s', async (where) => {
    const answer = await server.ask('GET', where, { token: server.admin.token });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it.each(['a\0b', 'a\uD800b'])('is invalid as a name', async (displayName) => {
    const body = { name: 'nul', displayName };
    const made = await server.ask('POST', '/api/v1/people', { token: server.admin.token, body });
    expect(made).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });
});
