import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { environment, nodes, Project } from './project.ts';

const project = new Project();
afterAll(() => project.remove());

project.write(
  'target.mjs',
  `const [how, ...rest] = process.argv.slice(2);
   if (how === 'tell') console.log(JSON.stringify({ rest, brought: process.env.BROUGHT, input: await text() }));
   if (how === 'end') process.exit(Number(rest[0]));
   if (how === 'die') process.kill(process.pid, rest[0]);
   if (how === 'wait') {
     process.on('SIGTERM', () => process.exit(7));
     process.on('SIGINT', () => process.exit(8));
     console.log('ready');
   }
   if (how !== 'tell') setTimeout(() => {}, 60_000);
   async function text() { let all = ''; for await (const part of process.stdin) all += part; return all; }`,
);

function launch(node: string, args: string[], more: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
  return spawnSync(node, [join(project.root, 'launch', 'run.mjs'), 'target.mjs', ...args], {
    encoding: 'utf8',
    input: more.input ?? '',
    env: environment(more.env),
    cwd: '/',
  });
}

const built = (result: { stderr: string }) => result.stderr.includes('building the web pages');

describe('a fresh checkout', () => {
  it('is installed first, then the target runs with the Node that the packages bring', () => {
    const { stdout, stderr, status } = launch(process.execPath, ['tell', 'one', 'two words'], {
      input: 'given',
    });
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('interlock: installing the npm packages'),
    });
    expect(JSON.parse(stdout)).toEqual({ rest: ['one', 'two words'], brought: 'yes', input: 'given' });
  });

  it('is left alone the next time, and nothing is said', () => {
    expect(launch(process.execPath, ['tell'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('is installed again when a package is gone', () => {
    rmSync(join(project.root, 'node_modules', 'brought-node'), { recursive: true });
    const { stderr, status } = launch(process.execPath, ['tell']);
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('brought-node is gone'),
    });
  });

  it('says in one line what is missing when npm is', () => {
    rmSync(join(project.root, 'node_modules'), { recursive: true });
    const { stderr, status, stdout } = launch(process.execPath, ['tell'], { env: { PATH: '/nonexistent' } });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('interlock: expected npm to install the packages');
    expect(stderr).not.toContain('    at ');
    project.npm('ci', '--offline');
  });

  it('lets the bin bring its packages too, and answer on standard output alone', () => {
    rmSync(join(project.root, 'node_modules'), { recursive: true });
    const bin = join(project.root, 'bin', 'interlock.js');
    cpSync(new URL('../../bin/interlock.js', import.meta.url), bin);
    project.write(
      'src/main.ts',
      `export async function main(argv: readonly string[]) {
        console.log(JSON.stringify({ argv, brought: process.env['BROUGHT'] }));
        return 3;
      }`,
    );
    const [first, second] = nodes().map((node) =>
      spawnSync(node, [bin, 'decide', 'a b'], { encoding: 'utf8', env: environment(), cwd: '/' }),
    );
    expect(JSON.parse(first?.stdout ?? '')).toEqual({ argv: ['decide', 'a b'], brought: 'yes' });
    expect(first).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('installing the npm packages'),
    });
    expect(second?.stderr ?? '').not.toContain('installing');
  });

  it('is not installed by two at once: the second waits and finds everything', async () => {
    rmSync(join(project.root, 'node_modules'), { recursive: true });
    const both = [1, 2].map(async () => {
      const child = spawn(
        process.execPath,
        [join(project.root, 'launch', 'run.mjs'), 'target.mjs', 'end', '0'],
        { env: environment() },
      );
      let said = '';
      child.stderr.on('data', (part: Buffer) => (said += part.toString()));
      const [status] = (await once(child, 'close')) as [number];
      return { status, said };
    });
    const ended = await Promise.all(both);
    expect(ended.map(({ status }) => status)).toEqual([0, 0]);
    expect(ended.filter(({ said }) => said.includes('installing'))).toHaveLength(1);
    expect(project.has('.interlock/launch.lock')).toBe(false);
  });
});

describe.each(nodes())('started by %s', (node) => {
  it.each([0, 1, 3, 42])('ends with the exit status of the target: %i', (status) => {
    expect(launch(node, ['end', String(status)])).toMatchObject({ status, signal: null });
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGABRT'])('ends by the signal that ended the target: %s', (signal) => {
    expect(launch(node, ['die', signal])).toMatchObject({ status: null, signal });
  });

  it.each([
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const)('passes %s on to the target, and leaves nothing running', async (signal, status) => {
    const child = spawn(node, [join(project.root, 'launch', 'run.mjs'), 'target.mjs', 'wait'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([status, null]);
  });
});

describe('the web pages', () => {
  // Stands where vite would, so that this test has no hundred packages to install.
  const vite = `import { mkdirSync, writeFileSync } from 'node:fs';
    if (process.argv.includes('--fail') || process.env.FAIL) process.exit(1);
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/index.html', process.cwd());`;

  it('are built when they are missing or older than a source, and not otherwise', () => {
    expect(built(launch(process.execPath, ['end', '0']))).toBe(false);
    project.write('node_modules/vite/bin/vite.js', vite);
    project.write('web/vite.config.ts', 'export default {}');
    project.write('web/src/page.tsx', '');
    expect(built(launch(process.execPath, ['end', '0']))).toBe(true);
    expect(project.has('web/dist/index.html')).toBe(true);
    expect(built(launch(process.execPath, ['end', '0']))).toBe(false);
    const later = Date.now() / 1000 + 60;
    project.write('src/kernel/rule.ts', '');
    utimesSync(join(project.root, 'src/kernel/rule.ts'), later, later);
    expect(built(launch(process.execPath, ['end', '0']))).toBe(true);
  });

  it('that cannot be built keep the target from starting, in one line after the reason', () => {
    rmSync(join(project.root, 'web/dist'), { recursive: true });
    const { status, stderr } = launch(process.execPath, ['end', '0'], { env: { FAIL: 'yes' } });
    expect(status).toBe(1);
    expect(stderr).toContain('expected `vite build` to make `web/dist/index.html`');
  });
});
