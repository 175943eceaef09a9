import { z } from 'zod';
import { changeId, changeView, openChange, openedChange } from '../contract/changes.ts';
import { incidents, vetoes } from '../contract/channel.ts';
import { claimList } from '../contract/claims.ts';
import { AppError } from '../contract/errors.ts';
import { gateAnswer, gateQuestion, kindOfChange } from '../contract/gate.ts';
import { runList } from '../contract/run-list.ts';
import { planTemplate, TEMPLATES } from '../contract/templates.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import type { LintPolicy } from '../plan/rule.ts';
import type { Client } from './client.ts';
import type { Agent } from './mcp-agent.ts';
import { lintText } from './mcp-lint.ts';

/** What a tool works with: the API as the agent whose token it is, and the policy that `plan lint` goes by. */
export interface ToolSetting {
  readonly client: Client;
  readonly agent: Agent;
  readonly lintPolicy: () => Promise<LintPolicy>;
}

/** One tool, with its arguments as a schema. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** Whether it changes nothing but the record of the question. */
  readonly readOnly: boolean;
  readonly run: (setting: ToolSetting, input: unknown) => Promise<Record<string, unknown>>;
}

function tool<Input extends z.ZodObject>(
  one: Omit<Tool, 'input' | 'run'> & {
    readonly input: Input;
    readonly run: (setting: ToolSetting, input: z.infer<Input>) => Promise<Record<string, unknown>>;
  },
): Tool {
  return { ...one, run: (setting, input) => one.run(setting, one.input.parse(input)) };
}

const plan = openChange.pick({ file: true, plan: true, scripts: true });

const mayI = tool({
  name: 'may_i',
  title: 'May this happen now',
  description:
    'Ask the gate whether a kind of change, or a request (`change` and `action`), may happen now. The answer is recorded. A no is an answer: it has the rules that refuse, why, and the next opening. A yes reserves nothing.',
  input: kindOfChange
    .partial({ environment: true, criticality: true, severity: true })
    .extend({ change: changeId.optional(), action: z.enum(ACTIONS).exclude(['ask']).optional() }),
  readOnly: true,
  run: async ({ client }, { change, action, ...kind }) => {
    const { environment, criticality, severity } = kind;
    if (change !== undefined && (environment ?? criticality ?? severity) !== undefined)
      throw new AppError('invalid', 'expected `change` or a kind of change, got both');
    if (change === undefined && action !== undefined)
      throw new AppError('invalid', `expected \`change\` with the action \`${action}\`, got none`);
    const body = gateQuestion.parse(change === undefined ? kind : { change, action: action ?? 'start' });
    return client.ask('POST', '/api/v1/decisions', { body, answer: gateAnswer });
  },
});

const whatIsRunning = tool({
  name: 'what_is_running',
  title: 'What is running',
  description:
    'Every live run and claim on production, the incidents that are active and the vetoes that stand.',
  input: z.strictObject({}),
  readOnly: true,
  run: async ({ client }) => {
    const [live, claimed, burning, vetoed] = await Promise.all([
      client.ask('GET', '/api/v1/runs', { answer: runList }),
      client.ask('GET', '/api/v1/claims', { answer: claimList }),
      client.ask('GET', '/api/v1/incidents', { answer: incidents }),
      client.ask('GET', '/api/v1/vetoes', { answer: vetoes }),
    ]);
    const active = burning.incidents.filter(({ status }) => status === 'active');
    return { runs: live.runs, claims: claimed.claims, incidents: active, vetoes: vetoed.vetoes };
  },
});

const draftPlan = tool({
  name: 'draft_plan',
  title: 'Begin a plan',
  description:
    'The template of a criticality, with the places that have to be written. Fill them in, lint the text, then open a request.',
  input: z.strictObject({ template: z.enum(TEMPLATES).describe('By criticality: `c1` to `c4`.') }),
  readOnly: true,
  run: ({ client }, { template }) =>
    client.ask('GET', `/api/v1/templates/${template}`, { answer: planTemplate }),
});

const lintPlan = tool({
  name: 'lint_plan',
  title: 'Lint a plan',
  description:
    'What a plan and its scripts lack, by file, line and column. Nothing is sent; the server reads and lints again what is opened.',
  input: plan,
  readOnly: true,
  run: async ({ lintPolicy }, sent) => lintText(sent, await lintPolicy()),
});

const openRequest = tool({
  name: 'open_request',
  title: 'Open a request',
  description:
    'File a plan as a request, or as a draft. Its author is the human whose agent this is: they are told, they count as its author, and they cannot approve it. Nobody else can be named.',
  input: openChange.pick({ file: true, plan: true, scripts: true, draft: true }),
  readOnly: false,
  run: async ({ client, agent }, body) => {
    const opened = await client.ask('POST', '/api/v1/changes', { body, answer: openedChange });
    return { ...opened, openedBy: agent.name };
  },
});

const reviseDraft = tool({
  name: 'revise_draft',
  title: 'Revise a draft',
  description: 'Put another text in place of the plan of a draft of the human whose agent this is.',
  input: plan.extend({ change: changeId, version: z.number().int().min(1).describe('The version edited.') }),
  readOnly: false,
  run: async ({ client }, { change, ...body }) => {
    await client.ask('PUT', `/api/v1/changes/${change}`, { body });
    return client.ask('GET', `/api/v1/changes/${change}`, { answer: changeView });
  },
});

const showRequest = tool({
  name: 'show_request',
  title: 'Show a request',
  description: 'A request as it stands: its plan, its words, what it still needs.',
  input: z.strictObject({ change: changeId }),
  readOnly: true,
  run: ({ client }, { change }) => client.ask('GET', `/api/v1/changes/${change}`, { answer: changeView }),
});

/** What an agent is shown. What it may is held by the server: nothing here approves, vetoes, lifts or starts. */
export const TOOLS: readonly Tool[] = [
  mayI,
  whatIsRunning,
  draftPlan,
  lintPlan,
  openRequest,
  reviseDraft,
  showRequest,
];
