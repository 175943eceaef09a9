import type { Command } from 'commander';
import { action } from './action.ts';
import { wholeNumber } from './choice.ts';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { credentials, onBastion, type CredentialOptions } from './credentials.ts';
import { note } from './print.ts';

interface Options {
  readonly http?: boolean;
  readonly dryRun?: boolean;
  readonly host: string;
  readonly port: number;
  readonly allowHost: readonly string[];
}

/** `interlock mcp`: the tools of an agent, by the Model Context Protocol. */
export function register(program: Command, context: CliContext): void {
  program
    .command('mcp')
    .description(
      'tools for an agent (Model Context Protocol), by standard input and output: it asks and prepares in the name of one person, and decides nothing',
    )
    .option(
      '--dry-run',
      'offer dry runs on this bastion too: they execute what a plan calls dry, as this user',
    )
    .option('--http', 'serve by HTTP instead; whoever asks brings the token of an agent')
    .option('--host <address>', 'with --http: address to listen on', '127.0.0.1')
    .option('--port <number>', 'with --http: port to listen on', wholeNumber('a port', 0, 65_535), 8422)
    .option(
      '--allow-host <name>',
      'with --http: a further host name to answer for; may be given again',
      (one, all: string[]) => [...all, one],
      [],
    )
    .addHelpText(
      'after',
      `
The token is that of an agent: interlock user add hal --agent-of ben, then interlock token create hal.`,
    )
    .action(
      action(context, (options: Options) =>
        options.http === true ? overHttp(program, context, options) : overStdio(program, context, options),
      ),
    );
}

async function overStdio(program: Command, context: CliContext, { dryRun }: Options): Promise<number> {
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  const { mcpServer } = await import('./mcp-server.ts');
  const { agentBehind } = await import('./mcp-agent.ts');
  const { TOOLS } = await import('./mcp-tools.ts');
  const client = context.client();
  const setting = { client, agent: await agentBehind(client), lintPolicy: await lintPolicyOf(context) };
  const tools = dryRun === true ? [...TOOLS, await dryRunsHere(program, context)] : TOOLS;
  const over = Promise.withResolvers<void>();
  const handle = serveStdio(() => mcpServer(versionOf(program), tools, setting), {
    onerror: (error) => note(context, `a message was not taken: ${error.message}`),
  });
  // A client that goes away closes this end; nothing is waited for.
  for (const event of ['end', 'close']) process.stdin.once(event, () => over.resolve());
  await over.promise;
  await handle.close();
  return 0;
}

async function dryRunsHere(program: Command, context: CliContext) {
  const { dryRunTool } = await import('./mcp-dry-run.ts');
  const who = onBastion(credentials(program.opts<CredentialOptions>(), context.env));
  return dryRunTool({ who, env: context.env, note: (line) => note(context, line) });
}

async function overHttp(program: Command, context: CliContext, options: Options): Promise<number> {
  const { serveMcpHttp } = await import('./mcp-http.ts');
  const { mcpServer } = await import('./mcp-server.ts');
  const { TOOLS } = await import('./mcp-tools.ts');
  const { url } = context.client();
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const serving = await serveMcpHttp({
    host: options.host,
    port: options.port,
    allowedHosts: options.allowHost,
    // INVARIANT: a caller's token and nothing else: this program lends nobody what it is.
    clientOf: (token) => createClient({ url, token, bastionKey: null }),
    lintPolicy: await lintPolicyOf(context),
    serverOf: (setting) => mcpServer(versionOf(program), TOOLS, setting),
    note: (line) => note(context, line),
  });
  context.stdout(`Interlock's tools for agents: ${serving.url}\n`);
  await told;
  await serving.stop();
  return 0;
}

const versionOf = (program: Command) => program.version() ?? '0.0.0';

/** Read once: an agent that lints goes by the policy that `plan lint` goes by. */
async function lintPolicyOf(context: CliContext) {
  const { lintPolicyFor } = await import('./plan-lint.ts');
  const policy = await lintPolicyFor(context, undefined);
  return () => Promise.resolve(policy);
}
