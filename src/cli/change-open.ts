import { Option, type Command } from 'commander';
import { changeView, openedChange, type ChangeRecord, type ChangeView } from '../contract/changes.ts';
import { TEMPLATES, type TemplateName } from '../contract/templates.ts';
import { action } from './action.ts';
import { telling, type Showing } from './ask-and-tell.ts';
import { needLines, standingLines } from './ceremony-lines.ts';
import { nextLines } from './change-text.ts';
import type { CliContext } from './context.ts';
import { InvalidInput } from './input.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';
import { readSentPlan } from './sent-plan.ts';

interface OpenOptions extends Showing {
  readonly template?: TemplateName;
  readonly title?: string;
  readonly retryOf?: string;
  readonly draft?: true;
}

/** `interlock change open FILE` */
export function register(change: Command, context: CliContext): void {
  change
    .command('open [file]')
    .description('file a request from a plan, with the scripts beside it, or a draft from a template')
    .addOption(
      new Option('--template <criticality>', 'a draft of the example of a criticality, to be filled in')
        .choices(TEMPLATES)
        .conflicts(['retryOf', 'draft']),
    )
    .option('--title <text>', 'with `--template`: the title of the draft')
    .option('--retry-of <change>', 'the aborted change that this one tries again')
    .option('--draft', 'file it as a draft, which asks nothing of anybody until `change submit`')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async (file: string | undefined, { json, ...options }: OpenOptions) => {
        const { path, body } = await asked(context, file, options);
        const client = context.client();
        return telling(context, { json: json === true }, async () => {
          const opened = await client.ask('POST', path, { body, answer: openedChange });
          if (json === true) {
            print(context, JSON.stringify(opened));
            return 0;
          }
          const shown = await client.ask('GET', `/api/v1/changes/${opened.id}`, { answer: changeView });
          const lines = options.template === undefined ? filedLines('opened', shown) : draftLines(shown);
          print(context, lines.map(plainLine));
          return 0;
        });
      }),
    );
}

async function asked(
  context: CliContext,
  file: string | undefined,
  { template, title, retryOf, draft }: Omit<OpenOptions, 'json'>,
) {
  if ((file === undefined) === (template === undefined) || (title !== undefined && file !== undefined)) {
    const got =
      title !== undefined && file !== undefined ? '`--title`' : file === undefined ? 'neither' : 'both';
    const message = `expected a plan file, or \`--template\` with c1 to c4 and perhaps \`--title\`, got ${got}`;
    throw new InvalidInput([{ file: '<command line>', line: 1, column: 1, message }]);
  }
  if (file === undefined) return { path: `/api/v1/templates/${template}/draft`, body: { title } };
  return { path: '/api/v1/changes', body: { ...(await readSentPlan(context, file)), retryOf, draft } };
}

/** What somebody who began from a template does next; its findings are what they are about to write. */
function draftLines({ id, title, criticality, findings, planFile }: ChangeView): string[] {
  const left = findings.filter(({ rule }) => rule === 'placeholder').length;
  return [
    `${id} drafted from the template of ${criticality}: ${title}`,
    `  ${left} placeholders to write. Next:`,
    `  interlock change show ${id} --plan > ${planFile}`,
    `  interlock plan lint ${planFile}`,
    `  interlock change edit ${id} ${planFile}`,
    `  interlock change submit ${id}`,
  ];
}

/** What somebody who has just filed a plan wants to know: its id, its floor, what it still needs. */
export function filedLines(how: string, change: ChangeView): string[] {
  return [
    `${change.id} ${how}: ${change.title}`,
    `  ${change.criticality} ${change.severity} ${change.kind} in ${change.environment}, plan ${change.digest}`,
    ...standingLines(change),
    ...findingLines(change),
    ...needLines(change),
    ...nextLines(change),
  ];
}

function findingLines({ findings }: ChangeRecord): string[] {
  return findings.map(
    ({ file, line, column, level, rule, message }) =>
      `  ${file}:${line}:${column} ${level} ${rule} ${message}`,
  );
}
