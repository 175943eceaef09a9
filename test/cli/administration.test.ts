import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed } from '../kit/command-line.ts';
import { freePort } from '../kit/loopback-process.ts';
import { programPath } from '../kit/programs.ts';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-cli-'));
  environment = { INTERLOCK_URL: server.url, INTERLOCK_TOKEN: server.admin.token, XDG_CONFIG_HOME: folder };
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const admin = (line: string, stdin?: string) =>
  typed(line.split(' '), { environment, ...(stdin !== undefined && { stdin }) });

describe('accounts on the command line', () => {
  it('are made, listed, given roles and shut out', async () => {
    expect(await admin('user add rhea --role reviewer --role management')).toEqual({
      status: 0,
      stdout: 'rhea  person  management reviewer  rhea\n',
      stderr: '',
    });
    await admin('user add robot --bot-of rhea');
    await admin('user revoke rhea management');
    await admin('user disable rhea');
    const { stdout } = await admin('user list');
    expect(stdout).toBe(
      [
        'ACCOUNT  KIND              ROLES  NAME',
        'admin    person            admin  First administrator',
        'rhea     person, shut out  -      rhea',
        'robot    bot of rhea       -      robot',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['user list', 'people', '/api/v1/people'],
    ['token list admin', 'tokens', '/api/v1/people/admin/tokens'],
    ['bastion list', 'bastions', '/api/v1/bastions'],
    ['runs', 'runs', '/api/v1/runs'],
  ])('%s --json is the answer of the server', async (line, list, where) => {
    const { status, stdout } = await admin(`${line} --json`);
    const { body } = await server.ask('GET', where, { token: server.admin.token });
    expect([status, JSON.parse(stdout)[list]]).toEqual([0, body[list]]);
  });

  it('lock propose --help says who may propose, and who confirms', async () => {
    expect((await admin('lock propose --help')).stdout).toMatch(/somebody on call;[^]*another human/);
  });

  it.each([
    ['user add rhea', 1, 'interlock: expected a new account name, got `rhea`\n'],
    [
      'user grant rhea king',
      3,
      'interlock: expected a standing role (reviewer, management, director, vpe, admin), got `king`\n',
    ],
    ['user grant admin reviewer', 2, 'interlock: expected another administrator to grant it, got oneself\n'],
    ['user grant nobody vpe', 1, 'interlock: expected an account, got `nobody`, which there is none of\n'],
    ['token create ana --days 9999', 3, 'interlock: expected days from 1 to 366, got `9999`\n'],
    [
      'can --criticality C2',
      3,
      'interlock: expected --environment, --criticality and --severity, or --change, got not all of them\n',
    ],
    [
      'dry-run CHG-1',
      2,
      'interlock: expected the key of this bastion by INTERLOCK_BASTION_KEY_FILE, got none: an administrator makes it by `interlock bastion register`\n',
    ],
    [
      'run CHG-1',
      2,
      'interlock: expected the key of this bastion by INTERLOCK_BASTION_KEY_FILE, got none: an administrator makes it by `interlock bastion register`\n',
    ],
    [
      'bastion register b',
      3,
      'interlock: expected `--environment <name>`, got none\nusage: interlock bastion register [options] <name> (more: interlock bastion register --help)\n',
    ],
    ['rota show --days x', 3, 'interlock: expected days from 1 to 366, got `x`\n'],
    ['nonsense', 3, 'interlock: expected a command, got `nonsense`\n(more: interlock --help)\n'],
  ])('%s ends with status %i', async (line, status, stderr) => {
    expect(await admin(line)).toEqual({ status, stdout: '', stderr });
  });

  it('need a token, and a server', async () => {
    const without = await typed(['user', 'list'], {
      environment: { INTERLOCK_URL: server.url, XDG_CONFIG_HOME: folder },
    });
    expect(without).toMatchObject({ status: 1, stdout: '' });
    expect(without.stderr).toMatch(/^interlock: Not signed in: .*INTERLOCK_TOKEN.*\n$/);
    const url = `http://127.0.0.1:${await freePort()}`;
    const nobody = await typed(['user', 'list'], { environment: { INTERLOCK_URL: url } });
    expect(nobody.stderr).toBe(
      `interlock: expected an Interlock server at \`${url}\`, got \`ECONNREFUSED\`: start one with \`interlock serve\`, or name it by INTERLOCK_URL\n`,
    );
  });
});

describe('secrets on the command line', () => {
  it('go to a file of one’s own, or alone to standard output', async () => {
    await admin('user add ben');
    const file = path.join(folder, 'ben-token');
    const quiet = await admin(`token create ben --label laptop --out ${file}`);
    expect(quiet).toMatchObject({ status: 0, stdout: '' });
    expect(quiet.stderr.endsWith(`, written to ${file}\n`)).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const whoami = await typed(['--token-file', file, 'whoami'], {
      environment: { INTERLOCK_URL: server.url },
    });
    expect(whoami.stdout).toBe('ben (person): no role; scopes read ask act\n');
    const refused = await typed(['--token-file', file, 'user', 'add', 'mallory'], {
      environment: { INTERLOCK_URL: server.url },
    });
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^interlock: Not allowed: `interlock whoami` shows /);
    const shown = await admin('bastion register bastion-1 --environment illumidesk.com');
    expect(shown.stdout).toMatch(/^ilb_[\w-]{43}\n$/);
    const from = await typed(['--token-file', file, 'whoami'], {
      environment: { INTERLOCK_URL: server.url, INTERLOCK_BASTION_KEY: shown.stdout.trim() },
    });
    expect(from.stdout).toContain('; from bastion bastion-1\n');
  });

  it('of one’s own come by signing in', async () => {
    expect((await admin('user add cora --password', 'a password of cora\n')).status).toBe(0);
    const own = { INTERLOCK_URL: server.url, XDG_CONFIG_HOME: path.join(folder, 'cora') };
    const wrong = await typed(['login', 'cora'], { environment: own, stdin: 'another password\n' });
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    const right = await typed(['login', 'cora'], { environment: own, stdin: 'a password of cora\n' });
    expect(right).toMatchObject({ status: 0, stdout: '' });
    expect((await stat(path.join(folder, 'cora/interlock/token'))).mode & 0o777).toBe(0o600);
    expect((await typed(['whoami'], { environment: own })).stdout).toMatch(/^cora \(person\): no role/);
    await typed(['logout'], { environment: own });
    expect((await typed(['whoami'], { environment: own })).status).toBe(1);
  });
});

const write = async (text: string) => {
  const file = path.join(folder, 'rota.yaml');
  await writeFile(file, text);
  return file;
};

describe('a rota file', () => {
  it('is set from now on and shown with its gaps', async () => {
    await admin('user add carl');
    const start = new Date(Date.now() - 3_600_000).toISOString();
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const file = await write(`eoc:\n  - { person: carl, start: ${start}, end: ${end} }\n`);
    const { status, stdout } = await admin(`rota set ${file}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^on duty at .*: eoc carl, imoc nobody, cmoc nobody\n/);
    expect(stdout).toMatch(/^eoc {3}\(nobody\) {2}/m);
    expect(await readFile(file, 'utf8')).toContain('carl');
  });

  it.each([
    ['eoc:\n  - { person: carl, start: 2030-01-01T00:00:00Z }\n', /rota\.yaml:2:5: expected .*`end`/],
    [
      'eoc:\n  - { person: carl, start: 2030-01-01, end: 2030-01-02T00:00:00Z }\n',
      /rota\.yaml:2:28: expected an instant with its offset/,
    ],
    ['nonsense: []\n', /rota\.yaml:1:\d+: expected no field `nonsense`/],
    ['eoc: [\n', /rota\.yaml:\d+:\d+: /],
  ])('that is wrong is told by line and column', async (text, message) => {
    const { status, stdout, stderr } = await admin(`rota set ${await write(text)}`);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('can', () => {
  it('answers no with status 2, what refuses, and where it is recorded', async () => {
    const { status, stdout } = await admin(
      'can --environment illumidesk.com --criticality C4 --severity S4 --minutes 5 --rollback 5',
    );
    expect(status).toBe(2);
    expect(stdout).toMatch(/^no \(recorded as entry \d+\)\n/);
    expect(stdout).toMatch(/^metrics-available +unknown/m);
    const hasty = await admin('can --environment illumidesk.com --criticality C4 --severity S4 --minutes 5');
    expect(hasty.stdout).toMatch(/\nAsked without --rollback: a rule that counts by it says no\.\n$/);
    const json = await admin('can --environment illumidesk.com --criticality C4 --severity S4 --json');
    expect(JSON.parse(json.stdout)).toMatchObject({ allowed: false, policy: server.context.policy.digest });
  });

  it('asked badly ends with status 3', async () => {
    expect((await admin('can --environment illumidesk.com')).status).toBe(3);
    expect((await admin('can --criticality C9')).stderr).toContain(
      'expected a criticality (C1, C2, C3, C4), got `C9`',
    );
    expect((await admin('can --change CHG-999')).status).toBe(1);
  });

  const KIND = '--environment illumidesk.com --criticality C4 --severity S4';
  it.each([
    [`can ${KIND} --action start`, 'expected --change with --action start, got none'],
    [`can --change CHG-1 ${KIND} --minutes 5`, /expected --change or a kind of change, got .*--minutes\n/],
    ['can --change CHG-1 --service web', /got --change with --service\n/],
    ['can --change CHG-1 --action ask', /expected --change with schedule, .*got `ask`\n/],
  ])('asks nothing where half of the question would be left out: %s', async (line, message) => {
    const before = (await server.ledger()).length;
    const { status, stdout, stderr } = await admin(line);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect((await server.ledger()).length).toBe(before);
  });
});

describe('doctor', () => {
  it('says what is wrong, and ends with status 1', async () => {
    const { status, stdout } = await admin('doctor');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ok +Node\.js +26\./m);
    expect(stdout).toMatch(/^ok +ledger +\d+ entries/m);
    expect(stdout).toMatch(/^ok +policy +.*sha256:[0-9a-f]{64}/m);
    expect(stdout).toMatch(/^WRONG +monitoring of illumidesk\.com +expected PROMETHEUS_URL/m);
    expect(stdout).toMatch(/^WRONG +rota imoc +nobody is ever on call/m);
    expect(stdout).toMatch(/^warning +error budgets +expected a query for each, got none for haproxy, /m);
    expect(stdout).toMatch(/^warning +rota eoc +nobody from /m);
  });

  it('looks for dig, which is missed where a plan asks the DNS', async () => {
    const plans = path.join(import.meta.dirname, '../../procedures');
    const line = async (PATH: string, ...names: readonly string[]) => {
      const files = names.map((name) => path.join(plans, name));
      const { stdout } = await typed(['doctor', ...files], {
        environment: { PATH, INTERLOCK_URL: 'http://127.0.0.1:1' },
      });
      return stdout.split('\n').find((one) => / dig /.test(one));
    };
    expect(await line('/nowhere')).toMatch(/^warning +dig +expected it on the path/);
    expect(await line('/nowhere', 'console-setting.yaml')).toMatch(/^warning/);
    expect(await line('/nowhere', 'dns-record.yaml')).toMatch(/^WRONG .* needed by .*dns-record\.yaml$/);
    const there = path.dirname(programPath('dig'));
    const found = await line(`/nowhere:${there}`, 'dns-record.yaml');
    expect(found?.split(/ +/)).toEqual(['ok', 'dig', `${there}/dig`]);
  });

  it('looks at the data folder only where nobody serves', async () => {
    const away = await typed(['doctor', '--json'], { environment: { INTERLOCK_URL: 'http://127.0.0.1:1' } });
    expect(away.status).toBe(1);
    expect(JSON.parse(away.stdout).findings.map(({ part }: { part: string }) => part)).toEqual([
      'Node.js',
      'dig',
      'server',
      'data folder',
    ]);
    const stranger = await typed(['doctor'], {
      environment: { INTERLOCK_URL: server.url, XDG_CONFIG_HOME: '/nowhere' },
    });
    expect(stranger.stdout).not.toContain('data folder');
    expect(stranger.stdout).toMatch(/^WRONG +server +Not signed in/m);
  });
});
