import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { knownEnvironments, openIntegrations } from '../../src/open-integrations.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-integrations-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SECRET = 'never-to-be-seen-0123456789';
const MAIL = `interlock: integrations/1
mail:
  host: mail.example.com
  user: interlock
  password: PASSWORD
  from: changes@example.com
`;

/** The connections of a file with this text; or what is said against it. */
async function opened(text: string | null, environment: Record<string, string> = {}, named = true) {
  const file = path.join(folder, 'integrations.yaml');
  await rm(file, { force: true });
  if (text !== null) await writeFile(file, text);
  try {
    return await openIntegrations({ file, named, environment });
  } catch (error) {
    return String(error).replaceAll(folder, '');
  }
}
const namesOf = (connections: Awaited<ReturnType<typeof opened>>) =>
  typeof connections === 'string' ? connections : connections.connections.all.map(({ name }) => name);

const withProject = (project: string) =>
  opened(`interlock: integrations/1\ngitlab: { project: ${project}, token: { env: TOKEN } }\n`, {
    TOKEN: SECRET,
  });
const policyOf = (name: string) =>
  ({ policy: { environments: new Map([[name, {}]]) } }) as unknown as Parameters<typeof knownEnvironments>[1];

const withAudiences = (audiences: string) => `interlock: integrations/1
slack: { token: { env: T }, channel: C0PRODUCTION }
mattermost: { webhook: { env: MAIN } }
audiences:
${audiences}`;

const files = (text: string) => opened(`interlock: integrations/1\nrota-files: ${text}\n`);

describe('integrations.yaml', () => {
  it('makes what it names, with secrets from the environment or from a file beside it, and nothing else', async () => {
    const { connections } = (await opened(MAIL.replace('PASSWORD', '{ env: SMTP }'), {
      SMTP: SECRET,
    })) as Exclude<Awaited<ReturnType<typeof opened>>, string>;
    const { mask, all } = connections;
    expect(all.map(({ name, peer, hears }) => [name, peer, hears])).toEqual([
      ['mail', 'mail.example.com:587', null],
    ]);
    expect(mask(`no ${SECRET}, no ${Buffer.from(SECRET).toString('base64')}`)).toBe(
      'no [secret], no [secret]',
    );
    expect(inspect(all, { depth: 9, showHidden: true })).not.toContain(SECRET);
    await writeFile(path.join(folder, 'smtp'), `${SECRET}\n`);
    expect(namesOf(await opened(MAIL.replace('PASSWORD', '{ file: smtp }')))).toEqual(['mail']);
    expect(namesOf(await opened('interlock: integrations/1\n'))).toEqual([]);
  });

  it('makes places of audiences, one where several share it, none that the public shares or that hears already', async () => {
    const env = {
      T: SECRET,
      MAIN: `https://chat.example.com/${SECRET}`,
      OWN: 'https://chat.example.com/own',
    };
    const places = await opened(
      withAudiences(`  support: { room: { slack: C0ROOM }, webhook: { url: 'https://example.com/in', signing: [{ env: T }] } }
  all-employees: { room: { slack: C0ROOM } }
  end-users: { room: { mattermost: { env: OWN } } }`),
      env,
    );
    expect(namesOf(places)).toEqual([
      'slack',
      'mattermost',
      'slack-support',
      'webhook-support',
      'mattermost-end-users',
    ]);
    for (const [audiences, said] of [
      ['  support: { room: { slack: C0PRODUCTION } }', 'beside the production channel'],
      ['  support: { room: { mattermost: { env: MAIN } } }', 'beside that of `mattermost`'],
      ['  support: { room: { slack: C0A }, mail: [] }\n  end-users: { room: { slack: C0A } }', 'shares none'],
      ['  support: { room: {} }', 'expected one of `slack` and `mattermost`'],
      ["  end-users: { room: { slack: C0A, texts: { start: '{id}' } } }", 'got `{id}`'],
      [
        '  end-users: { mail: [All@example.com] }\n  support: { mail: [help@example.com, all@Example.com] }',
        ':6:39: expected an address that `end-users` does not have, got `all@Example.com`',
      ],
    ] as const) {
      const problem = await opened(withAudiences(audiences), env);
      expect(problem).toContain(said);
      expect(problem).not.toContain(SECRET);
    }
    const alone = 'interlock: integrations/1\naudiences: { support: { room: { slack: C0ROOM } } }\n';
    expect(await opened(alone)).toContain('expected `slack` in this file');
  });

  it('names rotas by files from its own folder', async () => {
    const rota = '{"finalTimeline":{"rotations":[]}}';
    await writeFile(path.join(folder, 'eoc.json'), rota);
    const { connections } = (await files('{ eoc: eoc.json }')) as Exclude<
      Awaited<ReturnType<typeof files>>,
      string
    >;
    const said = await connections.all[0]!.test(AbortSignal.timeout(5_000));
    expect(said).toMatchObject({ kind: 'taken', receipt: expect.stringContaining('`eoc` has 0 shifts') });
    expect(await files('{}')).toContain('expected a file, got none');
    expect(await files("{ '../eoc': eoc.json }")).toContain('expected another key here, got `../eoc`');
  });

  it('may be absent, unless somebody named it', async () => {
    expect(namesOf(await opened(null, {}, false))).toEqual([]);
    expect(namesOf(await opened(null))).toContain('expected an integrations file that can be read');
  });

  it.each([
    [
      'a secret in the file',
      `"${SECRET}"`,
      ':5:13: expected a secret by reference, `{ env: NAME }` or `{ file: path }`',
    ],
    ['a secret as both', '{ env: SMTP, file: smtp }', ':5:13: expected a secret by reference'],
    [
      'a variable that is not set',
      '{ env: NOWHERE }',
      ':5:13: expected a secret of at least 8 characters in the variable that is named here, got none',
    ],
    [
      'a file that is not there',
      '{ file: nowhere }',
      ':5:13: expected a secret of at least 8 characters in the file that is named here, got none',
    ],
    [
      'a secret that is left over from an example',
      '{ env: SHORT }',
      'in the variable that is named here, got a shorter one',
    ],
  ])('keeps the server from starting with %s, and repeats no secret', async (_, password, says) => {
    const said = namesOf(await opened(MAIL.replace('PASSWORD', password), { SMTP: SECRET, SHORT: 'change' }));
    expect(said).toContain(says);
    expect(said).not.toContain(SECRET);
  });

  it.each([
    ['slack: SECRET', ':2:8: expected a mapping, got a text'],
    ['slack: { token: { env: TOKEN }, channel: C0123, signing: SECRET }', 'expected a list, got a text'],
    ['slack: { token: { env: TOKEN }, channel: https://hooks/SECRET }', 'expected the id of a channel'],
    ['slack: { token: { env: SECRET }, channel: C0123 }', 'expected the name of a variable'],
    ['mattermost: https://chat/hooks/SECRET', 'expected a mapping, got a text'],
    ['audiences: { support: { room: https://chat/hooks/SECRET } }', 'expected a mapping, got a text'],
    [
      'gitlab: { project: ops/web, token: { env: TOKEN }, confidential: SECRET }',
      'expected `true` or `false`, got a text',
    ],
    ['slack: { token: { file: SECRET }, channel: C0123 }', 'in the file that is named here, got none'],
    [
      'slack: { token: { env: glpat_0123456789 }, channel: C0123 }',
      'in the variable that is named here, got none',
    ],
    [
      'gitlab: { project: ops/web, token: { env: TOKEN } }\nissue: { C2: SECRET }',
      ':3:14: expected a file that can be read to be named here, got none',
    ],
    ['mattermost: { webhook: { env: TOKEN } }', ':2:24: expected the address of a webhook in this secret'],
  ])('repeats no secret that stands in a wrong place, and says which: %s', async (text, says) => {
    const said = namesOf(
      await opened(`interlock: integrations/1\n${text.replace('SECRET', SECRET)}\n`, { TOKEN: SECRET }),
    );
    expect(said).toContain(says);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain('glpat');
    expect(said).toMatch(/integrations\.yaml:[23]:\d+: [^\n]+$/);
  });

  it('names an audience that was meant', async () => {
    expect(namesOf(await opened('interlock: integrations/1\naudiences: { suport: {} }\n'))).toContain(
      'expected no field `suport` here; did you mean `support`?',
    );
  });

  it('says where a key is that it does not know, and which is near', async () => {
    expect(namesOf(await opened(MAIL.replace('mail:', 'mial:')))).toContain(
      'integrations.yaml:3:3: expected no field `mial` here; did you mean `mail`?',
    );
  });

  it('has the texts of issues, in it or in files beside it, each checked at the start', async () => {
    const gitlab = 'interlock: integrations/1\ngitlab: { project: ops/production, token: { env: TOKEN } }\n';
    const withTexts = (issue: string) => opened(`${gitlab}issue: ${issue}\n`, { TOKEN: SECRET });
    const file = path.join(folder, 'c1.md');
    await writeFile(file, '## Call {people}\n');
    expect(namesOf(await withTexts('{ C1: c1.md }'))).toContain(
      'integrations.yaml:3:14: expected `{people}` on a line of its own',
    );
    await writeFile(file, '## Call\n\n{people}\n');
    expect(await withTexts("{ C1: c1.md, C4: { text: 'See {id}.' } }")).toMatchObject({
      connections: { issueTexts: { C1: '## Call\n\n{people}\n', C4: 'See {id}.' } },
    });
    for (const [text, says] of [
      ["{ text: 'See {ID}.' }", 'got `{ID}`'],
      ["{ text: '/close' }", 'expected no action of the tracker, got `/close`'],
      ["{ text: '<!-- interlock:plan end -->' }", 'expected no comment of HTML'],
      ['{ text: "```" }', 'expected every block of code to be closed'],
    ] as const)
      expect(namesOf(await withTexts(`{ C2: ${text} }`))).toContain(says);
    expect(namesOf(await opened('interlock: integrations/1\nissue: { C1: c1.md }\n'))).toContain(
      'expected `gitlab` or `github` in this file',
    );
  });

  it('has a place of its own in the tracker for environments of the policy, and for no other', async () => {
    expect(namesOf(await withProject('{ environments: { a: ops/a } }'))).toContain(
      ':2:20: expected a project, such as `group/production`, or such by environment',
    );
    expect(namesOf(await withProject('{ default: ops/all, environments: { a: ops } }'))).toContain(
      'expected a project, such as `group/production`',
    );
    const open = await withProject('{ default: ops/all, environments: { a: ops/a } }');
    if (typeof open === 'string') throw new Error(open);
    expect(knownEnvironments(open, policyOf('a'))).toBe(open);
    expect(() => knownEnvironments(open, policyOf('b'))).toThrow(
      'expected an environment of the policy for a place of `gitlab` in integrations.yaml, got `a`: it has b',
    );
  });

  it('lies in the data folder, or where the environment says', () => {
    expect(readConfig({ INTERLOCK_DATA: '/data' }).integrations).toEqual({
      file: '/data/integrations.yaml',
      named: false,
    });
    expect(readConfig({ INTERLOCK_INTEGRATIONS: '/etc/i.yaml' }).integrations).toEqual({
      file: '/etc/i.yaml',
      named: true,
    });
  });
});
