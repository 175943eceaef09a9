import { z } from 'zod';
import { changeId, changeView } from '../contract/changes.ts';
import { planToRun } from '../contract/dry-run.ts';
import { AppError } from '../contract/errors.ts';
import { readApprovedPlan } from '../runner/approved-plan.ts';
import type { ClientOptions } from './client.ts';
import { makeDryRun } from './dry-run-here.ts';
import type { Tool } from './mcp-tools.ts';
import { runnerTransport } from './runner-transport.ts';

/** The bastion that dry runs are made on, and where what they print is shown. */
export interface DryRunSetting {
  readonly who: ClientOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly note: (line: string) => void;
}

const input = z.strictObject({ change: changeId });

/**
 * The tool that makes dry runs on this host. A dry run executes what its plan calls dry, as the user of this program: whoever starts
 * it asks for this tool by name, and only a request of the agent's own human is taken.
 */
export function dryRunTool({ who, env, note }: DryRunSetting): Tool {
  return {
    name: 'dry_run',
    title: 'Make a dry run',
    description:
      'Execute the dry run of every script of a request on this bastion, and attach what was printed for review. Only for requests of the human whose agent this is.',
    input,
    readOnly: false,
    run: async ({ client, agent }, given) => {
      const { change } = input.parse(given);
      const { author, executor } = await client.ask('GET', `/api/v1/changes/${change}`, {
        answer: changeView,
      });
      // The server refuses to attach it too, but that is after it was executed.
      if (author !== agent.human && executor !== agent.name) {
        const message = `expected a request of \`${agent.human}\`, got one of \`${author}\``;
        throw new AppError('not_permitted', message);
      }
      const sent = await client.ask('GET', `/api/v1/changes/${change}/dry-runs/plan`, { answer: planToRun });
      const read = readApprovedPlan(sent);
      if (!read.ok) throw new AppError('conflict', read.because);
      const setting = {
        transport: runnerTransport(who),
        planFolder: null,
        bastion: env,
        secrets: [who.token, who.bastionKey].filter((secret) => secret !== null),
        view: { note },
      };
      return { ...(await makeDryRun(setting, { sent, plan: read.plan, twin: false })) };
    },
  };
}
