import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { TestAccount } from '../kit/server.ts';
import type { Ran } from '../kit/terminal.ts';

let world: ChangeWorld;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-cli-edit-'));
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

describe('change edit', () => {
  it('says whether the words stand', async () => {
    const change = await world.open();
    const { id } = change;
    await change.approve(world.rhea, 'reviewer');
    const cosmetic = await file('edited.yaml', sentPlan({ set: { title: 'Another title' } }).plan);
    expect((await as(world.ana, 'change', 'edit', id, cosmetic)).stdout).toContain('approvals stand');
    const material = await file('edited.yaml', sentPlan({ set: { impact: 'Another.' } }).plan);
    expect((await as(world.ana, 'change', 'edit', id, material)).stdout).toContain('anew: plan by rhea');
    const { stdout } = await as(world.rhea, 'notice');
    expect(stdout).toMatch(/ana changed purpose\.\n {2}impact: .+ → "Another\."\n/);
    const stale = await as(world.ana, 'change', 'edit', id, material, '--from-version', '1');
    expect(stale).toMatchObject({ status: 1, stderr: expect.stringContaining('expected version 3') });
  });
});
