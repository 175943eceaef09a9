import { spawn } from 'node:child_process';
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs/pipelines');
const BIN = path.resolve(import.meta.dirname, '../../bin/interlock.js');
const text = (file: string) => readFile(path.join(DOCS, file), 'utf8');

/** One shell after another, each with what gives it its script, as the system does that the document is for. */
type Shells = readonly (readonly string[])[];

/** The scripts of each document, as they stand there. */
const PIPELINES: Readonly<Record<string, () => Promise<Shells>>> = {
  'plain-shell.sh': async () => [['sh', path.join(DOCS, 'plain-shell.sh')]],
  'gitlab-ci.yml': async () => {
    const { stages, variables: _variables, default: _default, ...jobs } = parse(await text('gitlab-ci.yml'));
    return stages.flatMap((stage: string) =>
      Object.values<{ stage: string; script: string[] }>(jobs)
        .filter((job) => job.stage === stage)
        .map(({ script }) => ['bash', '-c', `set -eo pipefail\n${script.join('\n')}`]),
    );
  },
  'github-actions.yml': async () => {
    const { steps } = parse(await text('github-actions.yml')).jobs.deploy;
    return steps
      .filter((step: { run?: string }) => step.run !== undefined)
      .map((step: { run: string }) => ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run]);
  },
  Jenkinsfile: async () =>
    // What three quotes hold has its escapes read by Groovy first: a backslash before the end of a line joins two.
    [...(await text('Jenkinsfile')).matchAll(/sh '''([^']+)'''/g)].map(([, script = '']) => [
      'sh',
      '-xec',
      script.replaceAll('\\\n', ''),
    ]),
};

let world: ChangeWorld;
let robot: TestAccount;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  robot = await world.server.account('robot', { kind: 'service', scopes: ['ask', 'act'] });
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-pipelines-'));
  await program('interlock', `exec '${process.execPath}' '${BIN}' "$@"`);
  await program('deploy.sh', 'echo "$INTERLOCK_CLAIM" > deployed');
});
afterAll(async () => {
  await world.server.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await rm(path.join(folder, 'deployed'), { force: true });
  await world.asOwner(`update vetoes set lifted_at = now(), lifted_by = 'cora' where lifted_at is null`);
});

async function program(name: string, script: string): Promise<void> {
  await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, name), 0o755);
}

/** Runs one after another until one fails, as a pipeline does; answers the last status. */
async function statusOf(shells: Shells, url = world.server.url): Promise<number> {
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
  const env = { PATH, INTERLOCK_URL: url, INTERLOCK_TOKEN: robot.token };
  let status = 0;
  for (const [command = '', ...argv] of shells) {
    const child = spawn(command, argv, { cwd: folder, env, stdio: 'ignore' });
    status = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 128)));
    if (status !== 0) return status;
  }
  return status;
}

const deployed = () =>
  access(path.join(folder, 'deployed')).then(
    () => true,
    () => false,
  );
const veto = () =>
  world.server.ask('POST', '/api/v1/vetoes', {
    token: world.cora.token,
    body: { change: '*', reason: 'stop' },
  });

describe.each(Object.keys(PIPELINES))('%s', (file) => {
  let shells: Shells;
  beforeAll(async () => {
    shells = (await PIPELINES[file]?.()) ?? [];
    expect(shells.length).toBeGreaterThan(0);
  });

  it('asks, then deploys under a claim', async () => {
    const before = (await world.server.ledger()).length;
    expect(await statusOf(shells)).toBe(0);
    const id = (await readFile(path.join(folder, 'deployed'), 'utf8')).trim();
    expect(id).toMatch(/^CLAIM-\d+$/);
    const entries = await world.recorded(before);
    expect(entries.map(({ type }) => type)).toEqual(['decision', 'decision', 'claim.made', 'claim.released']);
    expect(entries.at(-1)).toMatchObject({ object: `claim/${id}`, reason: 'succeeded' });
  });

  it('deploys nothing where the answer is no', async () => {
    await veto();
    expect(await statusOf(shells)).toBe(2);
    expect(await deployed()).toBe(false);
    // The last part by itself too: a no may come after the pipeline has asked.
    expect(await statusOf(shells.slice(-1))).toBe(2);
    expect(await deployed()).toBe(false);
  });

  it('deploys nothing where nobody answers', async () => {
    expect(await statusOf(shells.slice(-1), 'http://127.0.0.1:9')).not.toBe(0);
    expect(await deployed()).toBe(false);
  });
});

describe('argo-cd-presync.yaml', () => {
  it('is a job before the sync, which fails at a no, at none, and at a late one', async () => {
    const { metadata, spec } = parse(await text('argo-cd-presync.yaml'));
    expect(metadata.annotations['argocd.argoproj.io/hook']).toBe('PreSync');
    expect(spec).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } });
    expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
    const [{ command, args }] = spec.template.spec.containers;
    const shells = [[...command, ...args]];
    expect(await statusOf(shells)).toBe(0);
    expect(await statusOf(shells, 'http://127.0.0.1:9')).toBe(1);
    await veto();
    expect(await statusOf(shells)).toBe(2);
  });
});
