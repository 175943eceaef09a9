import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { examination, type Finding } from '../contract/doctor.ts';
import { AppError } from '../contract/errors.ts';
import { everyCheck } from '../plan/walk.ts';
import { readPlan } from '../plan/read.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { InvalidInput, readSource } from './input.ts';
import { print } from './print.ts';
import { table } from './table.ts';

const OLDEST_NODE = 24;
const MARK = { ok: 'ok', warning: 'warning', wrong: 'WRONG' } as const;
const SKEW_WRONG_MS = 5_000;

/** `interlock doctor` */
export function register(program: Command, context: CliContext): void {
  program
    .command('doctor [plan...]')
    .description('look at everything that has to be right; without a running server, at the data folder')
    .addHelpText('after', '\nWith plans, also at what their checks need on this host.')
    .option('--json', 'print the findings as JSON')
    .action(
      action(context, async (plans: readonly string[], { json }: { json?: boolean }) => {
        const findings = [node(), await dig(context, plans), ...(await server(context))];
        if (json === true) print(context, JSON.stringify({ findings }));
        else print(context, table(findings.map(({ status, part, text }) => [MARK[status], part, text])));
        return findings.some(({ status }) => status === 'wrong') ? 1 : 0;
      }),
    );
}

function node(): Finding {
  const { node: version } = process.versions;
  const ok = Number(version.split('.')[0]) >= OLDEST_NODE;
  const text = `${version} at ${process.execPath}`;
  return {
    part: 'Node.js',
    status: ok ? 'ok' : 'wrong',
    text: ok ? text : `expected ${OLDEST_NODE} or newer, got ${text}`,
  };
}

/** What asks the DNS for checks (ADR 0091): missed where a plan has such a check, else only said. */
async function dig(context: CliContext, plans: readonly string[]): Promise<Finding> {
  const part = 'dig';
  const asking: string[] = [];
  for (const file of plans) {
    const read = readPlan(await readSource(context, file));
    if (!read.ok) throw new InvalidInput(read.problems);
    if (everyCheck(read.plan).some(({ check }) => check.dns || check.zone)) asking.push(file);
  }
  const found = (context.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'dig'))
    .find(runs);
  if (found !== undefined) return { part, status: 'ok', text: found };
  const missing = 'expected it on the path (package bind9-dnsutils), got none';
  return asking.length > 0
    ? { part, status: 'wrong', text: `${missing}; it is needed by ${asking.join(', ')}` }
    : { part, status: 'warning', text: `${missing}; checks that ask the DNS are unknown without it` };
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function server(context: CliContext): Promise<readonly Finding[]> {
  const client = context.client();
  try {
    const before = Date.now();
    const { at, findings } = await client.ask('GET', '/api/v1/doctor', { answer: examination });
    const skewMs = Date.now() - Date.parse(at);
    const slackMs = Date.now() - before;
    return [{ part: 'server', status: 'ok', text: client.url }, clock(skewMs, slackMs), ...findings];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const asked: Finding = { part: 'server', status: 'wrong', text: error.message };
    // Only where nobody answers is the data folder ours to look at.
    return error.code === 'unavailable' ? [asked, ...(await context.programs.inspect())] : [asked];
  }
}

function clock(skewMs: number, slackMs: number): Finding {
  const part = 'clock of this host';
  const text = `${Math.round(skewMs)} ms from the database's clock, measured to ${slackMs} ms`;
  return Math.abs(skewMs) - slackMs > SKEW_WRONG_MS
    ? { part, status: 'wrong', text: `expected within ${SKEW_WRONG_MS} ms, got ${text}` }
    : { part, status: 'ok', text };
}
