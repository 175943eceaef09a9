import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Layer, LAYERS } from '../../.dependency-cruiser.mjs';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);

/** What a layer must not import: for each kind of rule, the line that breaks it. */
function violations(name: string, layer: Layer): { rule: string; line: string }[] {
  const forbidden = Object.values(LAYERS).find(
    (other) => other.from !== layer.from && !layer.layers.includes(other.from),
  );
  const planted = [{ rule: `${name}-packages`, line: `import 'vitest';` }];
  if (forbidden) {
    const up = '../'.repeat(layer.from.split('/').length);
    planted.push({ rule: `${name}-layers`, line: `import '${up}${forbidden.from}/innocent.ts';` });
  }
  if (layer.node !== true) planted.push({ rule: `${name}-node`, line: `import 'node:child_process';` });
  return planted;
}

async function cruise(folder: string): Promise<{ status: number; report: string }> {
  const present = [...new Set(Object.values(LAYERS).map(({ from }) => from.split('/', 1).join()))];
  try {
    const { stdout } = await run(bin('depcruise'), ['--config', '.dependency-cruiser.mjs', ...present], {
      cwd: folder,
    });
    return { status: 0, report: stdout };
  } catch (cause) {
    const failed = cause as { code: number; stdout: string };
    return { status: failed.code, report: failed.stdout };
  }
}

describe('the layers of the house', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'interlock-layers-'));
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    await copyFile(path.join(root, '.dependency-cruiser.mjs'), path.join(folder, '.dependency-cruiser.mjs'));
    await copyFile(path.join(root, 'tsconfig.json'), path.join(folder, 'tsconfig.json'));
    await copyFile(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    for (const { from } of Object.values(LAYERS)) {
      await mkdir(path.join(folder, from), { recursive: true });
      await writeFile(path.join(folder, from, 'innocent.ts'), 'export const innocent = 1;\n');
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('lets a tree without violations pass, and has read it', async () => {
    const { status, report } = await cruise(folder);
    expect(report).toContain('no dependency violations found');
    expect(report).toContain(`${Object.keys(LAYERS).length} modules`);
    expect(status).toBe(0);
  });

  it('catches each kind of violation in each layer', async () => {
    const expected: string[] = [];
    for (const [name, layer] of Object.entries(LAYERS)) {
      for (const { rule, line } of violations(name, layer)) {
        await writeFile(path.join(folder, layer.from, `${rule}.ts`), `${line}\nexport const planted = 1;\n`);
        expected.push(`error ${rule}: ${layer.from}/${rule}.ts`);
      }
    }
    const { status, report } = await cruise(folder);
    expect(expected.filter((line) => !report.includes(line))).toEqual([]);
    expect(status).toBeGreaterThan(0);
  });

  it('catches a file of src that lies in no layer, and a cycle', async () => {
    await mkdir(path.join(folder, 'src/attic'), { recursive: true });
    await writeFile(
      path.join(folder, 'src/attic/lost.ts'),
      "import { innocent } from '../kernel/innocent.ts';\nexport const lost = innocent;\n",
    );
    await writeFile(
      path.join(folder, 'src/kernel/egg.ts'),
      "import { hen } from './hen.ts';\nexport const egg = () => hen;\n",
    );
    await writeFile(
      path.join(folder, 'src/kernel/hen.ts'),
      "import { egg } from './egg.ts';\nexport const hen = () => egg;\n",
    );
    const { report } = await cruise(folder);
    expect(report).toContain('no-orphan-folders: src/attic/lost.ts');
    expect(report).toContain('no-cycles: src/kernel/');
  });
});

describe('the kernel', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'interlock-kernel-'));
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    await mkdir(path.join(folder, 'src/kernel'), { recursive: true });
    await copyFile(path.join(root, 'tsconfig.json'), path.join(folder, 'tsconfig.json'));
    await copyFile(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
    await copyFile(
      path.join(root, 'src/kernel/tsconfig.json'),
      path.join(folder, 'src/kernel/tsconfig.json'),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const outside = [
    'fetch("http://127.0.0.1/")',
    'process.exit(1)',
    'setTimeout(() => 1, 1)',
    'crypto.randomUUID()',
    'console.log(1)',
    'document.title',
  ];
  it('has no types for the outside world', async () => {
    await writeFile(
      path.join(folder, 'src/kernel/outside.ts'),
      outside.map((use) => `${use};`).join('\n') + '\nexport {};\n',
    );
    const failed = await run(bin('tsc'), ['--noEmit', '-p', 'src/kernel', '--pretty', 'false'], {
      cwd: folder,
    }).catch((cause: unknown) => cause as { stdout: string });
    const lines = outside.map((_, index) => `outside.ts(${index + 1},1)`);
    expect(lines.filter((line) => !failed.stdout.includes(line))).toEqual([]);
  });

  it.each(['Date.now()', 'new Date(0)', 'Math.random()', 'Temporal.Now.instant()'])(
    'is refused %s by the linter',
    async (use) => {
      const file = path.join(folder, 'src/kernel/ambient.ts');
      await writeFile(file, `export const ambient = ${use};\n`);
      const failed = await run(bin('oxlint'), ['-c', '.oxlintrc.json', 'src/kernel/ambient.ts'], {
        cwd: folder,
      }).then(
        () => ({ stdout: 'passed' }),
        (cause: unknown) => cause as { stdout: string },
      );
      expect(failed.stdout).toMatch(/no-restricted-(globals|properties)/);
    },
  );
});

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const list = (value: true | readonly string[]) =>
  value === true ? 'any' : value.map((one) => `\`${one}\``).join(', ') || '–';

describe('the table of layers in ARCHITECTURE.md', () => {
  it('is the table that the checker enforces', async () => {
    const text = await readFile(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    const [, table = ''] = /<!-- layers[^>]*-->\s*([\s\S]*?)\s*<!-- \/layers -->/.exec(text) ?? [];
    const written = table.split('\n').slice(2).map(cells);
    const enforced = Object.values(LAYERS).map((layer) => [
      `\`${layer.from}\``,
      list(layer.layers),
      list(layer.packages),
      list(layer.node),
    ]);
    expect(written).toEqual(enforced);
  });
});
