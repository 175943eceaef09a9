import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { walkPages } from '../kit/pages.ts';

let world: ChangeWorld;
let elsewhere: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
  elsewhere = await startChangeWorld((text) => `${text}\nconnections: { issue: gitlab, chat: slack }\n`);
});
afterAll(async () => {
  await world.server.stop();
  await elsewhere.server.stop();
});

const inChannel = ({ server, ana }: ChangeWorld, body: unknown, token = ana.token) =>
  server.ask('POST', '/api/v1/channel', { token, body });

describe('the built-in tracker and channel', () => {
  it('keep what people write as they wrote it, in its order', async () => {
    const change = await world.open();
    const texts = ['Looks **fine**', '<script>alert(1)</script>', '=HYPERLINK("x")', 'two\nlines'];
    for (const body of texts) expectStatus(await change.say(world.rhea, '/discussion', { body }), 201);
    const path = `/api/v1/changes/${change.id}/discussion`;
    const { messages } = (await world.server.ask('GET', path, { token: world.ana.token })).body;
    expect(messages.map(({ body }: { body: string }) => body)).toEqual(texts);
    expect(messages[0]).toMatchObject({ person: 'rhea', change: change.id });
    expect(
      (await world.server.ask('GET', '/api/v1/changes/CHG-999999/discussion', { token: world.ana.token }))
        .status,
    ).toBe(404);
  });

  it('give the channel page by page, the newest first, each message once', async () => {
    for (const body of ['one', 'two', 'three']) expectStatus(await inChannel(world, { body }), 201);
    const ask = { server: world.server, token: world.ana.token };
    const pages = await walkPages<{ body: string }>(ask, {
      path: '/api/v1/channel',
      list: 'messages',
      limit: 2,
    });
    expect(pages.map((page) => page.map(({ body }) => body))).toEqual([['three', 'two'], ['one']]);
  });

  it('set the way of a word by the door it came through', async () => {
    const change = await world.open();
    const approve = { as: 'eoc', for: 'start', digest: change.digest };
    const onIssue = await change.say(world.cora, '/discussion', { body: 'Go.', approve });
    expect(onIssue).toMatchObject({ status: 201, body: { via: 'issue' } });
    const inChat = await inChannel(world, { body: 'Go.', change: change.id, approve }, world.cora.token);
    expect(inChat).toMatchObject({ status: 201, body: { via: 'chat' } });
    const { messages } = (await world.server.ask('GET', '/api/v1/channel', { token: world.ana.token })).body;
    expect(messages[0]).toMatchObject({ person: 'cora', body: 'Go.', change: change.id });
  });

  it('keep no message whose word is refused', async () => {
    const change = await world.open();
    const before = await world.rows('messages');
    const approve = { as: 'eoc', for: 'start', digest: change.digest };
    expect((await change.say(world.ana, '/discussion', { body: 'Go.', approve })).status).toBe(409);
    expect((await inChannel(world, { body: 'Go.', change: change.id, approve })).status).toBe(409);
    expect(await world.rows('messages')).toBe(before);
  });

  it.each([
    [{ body: '' }],
    [{ body: ' \n ' }],
    [{ body: 'x'.repeat(20_001) }],
    [{ body: ['x'] }],
    [{ body: 'a\0b' }],
    [{ body: '\ud800' }],
    [{ body: 'x', person: 'cora' }],
    [{ body: 'x', approve: { as: 'eoc', for: 'start', digest: `sha256:${'0'.repeat(64)}` } }],
  ])('do not take %j', async (body) => {
    expect(await inChannel(world, body)).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });
});

it('take nothing where the policy names a tracker and a channel elsewhere', async () => {
  const change = await elsewhere.open();
  const approve = { as: 'eoc', for: 'start', digest: change.digest };
  for (const answer of [
    await change.say(elsewhere.cora, '/discussion', { body: 'Go.' }),
    await change.say(elsewhere.cora, '/discussion', { body: 'Go.', approve }),
    await inChannel(elsewhere, { body: 'Go.' }),
    await inChannel(elsewhere, { body: 'Go.', change: change.id, approve }, elsewhere.cora.token),
  ])
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  expect(await elsewhere.rows('messages')).toBe(0);
  expect(await elsewhere.rows('approvals')).toBe(0);
});
