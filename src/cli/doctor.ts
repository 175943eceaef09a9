import type { Command } from 'commander';
import { examination, type Finding } from '../contract/doctor.ts';
import { AppError } from '../contract/errors.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { print } from './print.ts';
import { table } from './table.ts';

const OLDEST_NODE = 24;
const MARK = { ok: 'ok', warning: 'warning', wrong: 'WRONG' } as const;
const SKEW_WRONG_MS = 5_000;

/** `interlock doctor` */
export function register(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('look at everything that has to be right; without a running server, at the data folder')
    .option('--json', 'print the findings as JSON')
    .action(
      action(context, async ({ json }: { json?: boolean }) => {
        const findings = [node(), ...(await server(context))];
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
