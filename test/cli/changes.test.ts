import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { TestAccount } from '../kit/server.ts';
import type { Ran } from '../kit/terminal.ts';
import { planText, SCRIPT, type Edit } from '../plan/sound-plan.ts';

let world: ChangeWorld;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-cli-changes-'));
});
afterAll(async () => {
  await world.server.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = (who: TestAccount, ...argv: string[]): Promise<Ran> =>
  typed(argv, {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token, XDG_CONFIG_HOME: folder },
    cwd: folder,
  });

async function file(name: string, text: string): Promise<string> {
  await writeFile(path.join(folder, name), text);
  return name;
}

async function opened(edit: Edit = {}): Promise<string> {
  const ran = await as(world.ana, 'change', 'open', await file('plan.yaml', sentPlan(edit).plan));
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return /CHG-\d+/.exec(ran.stdout)?.[0] ?? '';
}

const soon = () => ['--start', new Date(Date.now() + 600_000).toISOString(), '--minutes', '60'];

describe('change open', () => {
  it('says the id, the floor and what it still needs', async () => {
    const name = await file('plan.yaml', planText());
    await file('set-work-mem.sh', SCRIPT);
    const { status, stdout } = await as(world.ana, 'change', 'open', name);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^CHG-\d+ opened: Raise work_mem/);
    expect(stdout).toContain('  criticality C2, at least C2: asked for by tooling-minor');
    expect(stdout).toMatch(/What it still needs:[\s\S]*dry-run-attached +deny/);
    expect(stdout).not.toContain('environment-known');
  });

  it('says where in the file each mistake is, and sends nothing', async () => {
    const before = await world.rows('changes');
    const name = await file('bad.yaml', planText({ set: { title: 5, 'estimate.steps': '5 parsec' } }));
    const { status, stdout, stderr } = await as(world.ana, 'change', 'open', name);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(
      /^bad\.yaml:3:8: expected a text, got `5`\nbad\.yaml:\d+:\d+: expected a duration .*`5 parsec`\n$/,
    );
    expect(await world.rows('changes')).toBe(before);
  });

  it('wants the scripts that the plan names', async () => {
    await rm(path.join(folder, 'set-work-mem.sh'), { force: true });
    const { status, stderr } = await as(world.ana, 'change', 'open', await file('plan.yaml', planText()));
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^plan\.yaml:\d+:\d+: expected a script that can be read, got `set-work-mem\.sh`: there is no such file\n$/,
    );
  });

  it('says without a stack what else went wrong', async () => {
    const missing = await as(world.ana, 'change', 'open', 'nowhere.yaml');
    expect(missing).toMatchObject({ status: 3, stderr: expect.stringMatching(/^nowhere\.yaml:1:1: /) });
    const nobody = { name: 'nobody', token: 'ilk_wrong' };
    expect(await as(nobody, 'change', 'open', await file('plan.yaml', sentPlan().plan))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^interlock: Not signed in/),
    });
  });
});

it('takes a request from its review to its announcement', async () => {
  const id = await opened();
  const reviewed = await as(world.rhea, 'approve', id, '--as', 'reviewer');
  expect(reviewed).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('rhea approved plan as reviewer, via app'),
  });
  expect(reviewed.stderr).toMatch(
    /^approves plan of CHG-\d+, revision 1: Raise work_mem.*\n {2}plan sha256:[0-9a-f]{64}\n$/,
  );
  expect(await as(world.ana, 'schedule', id, ...soon(), '--tentative')).toMatchObject({ status: 0 });
  expect(await as(world.cora, 'approve', id, '--as', 'eoc', '--on', 'issue')).toMatchObject({ status: 0 });
  // Without a slot of its own it asks for the one that is pencilled in.
  const scheduled = await as(world.ana, 'schedule', id);
  expect(scheduled.stdout).toMatch(/^CHG-\d+ is scheduled: slot .*, accepted, on the calendar\n/);
  expect((await as(world.ben, 'announce', id)).stdout).toContain('announced in the production channel at');
  for (const door of ['issue', 'chat', 'voice'])
    expect(
      (await as(world.cora, 'approve', id, '--as', 'eoc', '--for', 'start', '--on', door)).stdout,
    ).toContain(`via ${door}`);
  expect((await as(world.cora, 'present', id, '--joined')).status).toBe(0);
  expect((await as(world.ana, 'channel')).stdout).toMatch(
    /interlock \(CHG-\d+\)\n {2}CHG-\d+ .* is about to start/,
  );
  expect((await as(world.ana, 'discuss', id)).stdout).toContain(`Approved: start of ${id}`);
  const shown = await as(world.ana, 'change', 'show', id, '--all');
  expect(shown.stdout).toMatch(/start: refused as it stands[\s\S]*announced +pass/);
  expect((await as(world.ana, 'change', 'list', '--state', 'scheduled')).stdout).toContain(id);
  // Of several approvals none is taken back unnamed; of one's own that is the only one.
  const several = await as(world.cora, 'withdraw', id);
  const number = /, (\d+) \(start as eoc, via voice\), got none\n$/.exec(several.stderr)?.[1] ?? '';
  expect(several).toMatchObject({ status: 3, stdout: '' });
  expect((await as(world.cora, 'withdraw', id, number)).stdout).toMatch(/of start as eoc\n$/);
  expect((await as(world.rhea, 'withdraw', id)).stdout).toMatch(/rhea took approval \d+ back, of plan/);
  expect((await as(world.rhea, 'withdraw', id, number)).status).toBe(1);
  expect((await as(world.ana, 'change', 'show', id)).stdout).toMatch(
    /rhea +reviewer +plan +app .* withdrawn/,
  );
});

describe('a refusal', () => {
  it('shows its rules and whether time clears it, and is status 2', async () => {
    const id = await opened();
    const { status, stdout, stderr } = await as(world.ana, 'schedule', id, ...soon());
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatch(
      /^refused by first-iteration-review, eoc-plan-review\nRULE +VERDICT +CLEARS AT +BECAUSE\n/,
    );
    expect(stdout).toContain('Time alone does not clear it');
    expect(stdout).not.toContain(' pass ');
    expect((await as(world.ana, 'schedule', id, ...soon(), '--all')).stdout).toContain(' pass ');
  });

  it('as JSON is the raw answer', async () => {
    const id = await opened();
    const { status, stdout } = await as(world.ana, 'schedule', id, ...soon(), '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'refused', decision: { allowed: false } });
  });

  it('of a person is one line, and status 2', async () => {
    const id = await opened();
    const { status, stderr } = await as(world.ana, 'approve', id, '--as', 'reviewer');
    expect(status).toBe(2);
    expect(stderr).toMatch(/\ninterlock: expected somebody who did not write it[^\n]*\n$/);
  });
});

it('asks for an exception, approves the one that waits and takes it back', async () => {
  const id = await opened();
  expect(
    (await as(world.ana, 'exception', 'ask', id, 'in-slot', '--reason', 'It may take longer.')).status,
  ).toBe(0);
  const given = await as(world.rhea, 'exception', 'approve', id, 'in-slot');
  expect(given).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('to in-slot: It may take longer.'),
  });
  expect(await as(world.rolf, 'exception', 'approve', id, 'in-slot')).toMatchObject({ status: 1 });
  const withdraw = ['exception', 'withdraw', id, 'in-slot', '--reason', 'It is short.'];
  expect(await as(world.rolf, ...withdraw)).toMatchObject({ status: 1 });
  expect((await as(world.rhea, ...withdraw)).stdout).toMatch(/exception \d+ to in-slot withdrawn by rhea\n$/);
  expect((await as(world.ana, 'change', 'show', id)).stdout).toContain('withdrawn by rhea');
});

it('lays and lifts vetoes, opens and resolves incidents, locks and releases', async () => {
  const id = await opened();
  const laid = await as(world.cora, 'veto', id, '--reason', 'Not now.');
  const number = /veto (\d+) stands/.exec(laid.stdout)?.[1] ?? '';
  expect((await as(world.ana, 'veto', 'list')).stdout).toContain('Not now.');
  expect((await as(world.ana, 'veto', 'lift', number)).status).toBe(2);
  expect((await as(world.ira, 'veto', 'lift', number)).stdout).toContain('lifted by ira');

  const incident =
    /INC-\d+/.exec((await as(world.ana, 'incident', 'open', 'fire', '--severity', 'S2')).stdout)?.[0] ?? '';
  expect((await as(world.ana, 'incident', 'list')).stdout).toMatch(/INC-\d+ +active +S2/);
  expect((await as(world.ana, 'incident', 'severity', incident, 'S1', '--reason', 'worse')).status).toBe(0);
  expect((await as(world.ana, 'incident', 'severity', incident, 'S3', '--reason', 'better')).status).toBe(2);
  expect((await as(world.ana, 'incident', 'note', incident, 'Water is coming.')).status).toBe(0);
  expect((await as(world.cora, 'incident', 'resolve', incident, '--reason', 'It is out.')).status).toBe(0);
  const record = (await as(world.ana, 'incident', 'show', incident)).stdout;
  expect(record).toMatch(/resolved.*S1/);
  expect(record).toMatch(/note +ana +Water is coming\.[^]*resolved +cora +It is out\./);

  const fields = ['--kind', 'soft', '--environment', 'illumidesk.com', '--reason', 'summit'];
  const span = [
    '--start',
    new Date(Date.now() + 86_400_000).toISOString(),
    '--end',
    new Date(Date.now() + 172_800_000).toISOString(),
  ];
  const lock =
    /LOCK-\d+/.exec((await as(world.mona, 'lock', 'propose', ...fields, ...span)).stdout)?.[0] ?? '';
  const shown = await as(world.ira, 'lock', 'confirm', lock);
  const digest = /--digest (sha256:[0-9a-f]{64})/.exec(shown.stdout)?.[1] ?? '';
  expect((await as(world.mona, 'lock', 'confirm', lock, '--digest', digest)).status).toBe(2);
  expect((await as(world.ira, 'lock', 'confirm', lock, '--digest', digest)).stdout).toContain('confirmed');
  expect((await as(world.cora, 'lock', 'emergency', ...fields, '--for', '1 h')).stdout).toContain(
    'emergency',
  );
  expect((await as(world.ana, 'lock', 'list')).stdout).toMatch(/LOCK-\d+ +soft +confirmed/);
});

it('tells what became of a request, and of its plan', async () => {
  const id = await opened();
  const other = sentPlan({ set: { 'estimate.steps': '25 min', title: 'Another title' } });
  const edited = await file('plan.yaml', other.plan);
  expect(await as(world.ben, 'change', 'edit', id, edited)).toMatchObject({ status: 0 });
  const history = (await as(world.ana, 'change', 'history', id)).stdout;
  expect(history).toMatch(
    /change\.opened +allow +opened\n[^]*ben +change\.edited +allow +edited: estimate\n/,
  );
  expect((await as(world.ana, 'change', 'history', id, '--limit', '1')).stdout).toMatch(
    /more: --from \d+\n$/,
  );
  expect((await as(world.ana, 'change', 'revisions', id)).stdout).toMatch(/\n2 .*estimate\n1 .* -\n$/);
  const { stdout } = await as(world.ana, 'change', 'diff', id, '1', '2');
  expect(stdout).toMatch(
    /^# from revision 1 to 2: estimate\n--- a\/plan\.yaml\n\+\+\+ b\/plan\.yaml\n@@ [^]*\n\+title: "?Another/,
  );
  expect((await as(world.ana, 'change', 'diff', id, '2', '2')).stdout).toContain('same text');
  expect((await as(world.ana, 'change', 'diff', id, '1', '7')).stderr).toContain('got `7`');
});

it('attaches files, and fetches them', async () => {
  const id = await opened();
  const name = await file('out.log', 'all quiet\n');
  expect((await as(world.ben, 'change', 'attach', id, name)).stdout).toMatch(
    /^out\.log is attachment 1 of CHG-\d+, sha256:/,
  );
  expect((await as(world.ana, 'change', 'attachments', id)).stdout).toMatch(
    /\n1 +out\.log +text\/plain +10 +ben /,
  );
  const fetching = ['change', 'attachment', id, '1', '--out', 'fetched.log'];
  expect((await as(world.ana, ...fetching)).stdout).toBe('fetched.log: 10 bytes\n');
  expect(await readFile(path.join(folder, 'fetched.log'), 'utf8')).toBe('all quiet\n');
  expect(await as(world.ana, ...fetching)).toMatchObject({ status: 3, stdout: '' });
  const page = await as(world.ben, 'change', 'attach', id, await file('page.html', '<p>'));
  expect(page).toMatchObject({ status: 3, stderr: expect.stringContaining('expected a name that ends in') });
});

it('lets no text of another person command the terminal', async () => {
  const id = await opened({ set: { title: 'Nice \u001b[2J\u202e title' } });
  await as(world.cora, 'discuss', id, 'red \u001b[31m');
  for (const argv of [
    ['change', 'show', id],
    ['change', 'list'],
    ['discuss', id],
  ])
    // oxlint-disable-next-line no-control-regex
    expect((await as(world.ana, ...argv)).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it.each([
  ['approve', 'CHG-1', '--as', 'king'],
  ['approve', 'CHG-1'],
  ['approve', 'nonsense', '--as', 'eoc'],
  ['schedule', 'CHG-1', '--start', 'tomorrow', '--minutes', '5'],
  ['schedule', 'CHG-1', '--end', '2026-11-17T22:00:00Z'],
  ['schedule', 'CHG-1', '--start', '2026-11-17T22:00:00Z'],
  ['change', 'list', '--state', 'open'],
  ['change', 'list', '--limit', '0'],
  ['incident', 'open', 'fire', '--severity', 'bad'],
  ['lock', 'emergency', '--kind', 'soft', '--reason', 'r', '--for', '1 h'],
  ['veto', 'lift', 'x'],
])('is status 3 and one line: %s %s %s %s', async (...argv) => {
  const { status, stderr } = await as(world.cora, ...argv);
  expect(status).toBe(3);
  expect(stderr).not.toMatch(/ at .*\.ts/);
  expect(stderr.trim()).not.toBe('');
});
