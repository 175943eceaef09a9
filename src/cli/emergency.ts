import type { Command } from 'commander';
import { approvalView } from '../contract/changes.ts';
import { emergencyPreview, type EmergencyPreview } from '../contract/emergencies.ts';
import { AppError } from '../contract/errors.ts';
import { APPROVER_ROLES, type ApproverRole } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { note, print } from './print.ts';
import { table } from './table.ts';

interface EmergencyOptions extends Showing {
  readonly as?: ApproverRole;
}

/** `interlock emergency ID [--as eoc]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('emergency <change>')
    .description(
      'what an emergency of a change skips and leaves to be caught up on; with `--as` it is declared, once EOC and IMOC both do',
    )
    .option('--as <capacity>', 'declare it: eoc or imoc on duty now', choice('a capacity', APPROVER_ROLES))
    .option('--json', 'print the answer as JSON: the preview, or with `--as` the declaration')
    .action(
      action(context, (id: string, { as, json }: EmergencyOptions) =>
        telling(context, { json: json === true }, async () => {
          const preview = await context
            .client()
            .ask('GET', addressOf(id, '/emergency'), { answer: emergencyPreview });
          if (as !== undefined) return declare(context, preview, { as, json: json === true });
          print(context, json === true ? JSON.stringify(preview) : previewLines(preview).map(plainLine));
          return 0;
        }),
      ),
    );
}

async function declare(
  context: CliContext,
  preview: EmergencyPreview,
  { as, json }: { readonly as: ApproverRole; readonly json: boolean },
): Promise<number> {
  const { change, digest, incident, active, wants, approvedAs } = preview;
  for (const line of previewLines(preview)) note(context, plainLine(line));
  // Said here so that nobody believes that something is waived now.
  if (!active) {
    const got = incident === null ? 'one that names none' : `\`${incident}\`, which is not active`;
    throw new AppError('conflict', `expected a change that resolves an active incident, got ${got}`);
  }
  const body = { as, for: 'emergency', digest };
  const given = await context
    .client()
    .ask('POST', addressOf(change, '/approvals'), { body, answer: approvalView });
  const left = (wants[0] ?? []).filter((one) => one !== as && !approvedAs.includes(one));
  const waits =
    left.length === 0
      ? 'it holds while they are on duty'
      : `it waits for ${left.join(' and ').toUpperCase()}`;
  print(
    context,
    json ? JSON.stringify(given) : [`${change}: ${given.person} declared the emergency as ${as}; ${waits}`],
  );
  return 0;
}

function previewLines(preview: EmergencyPreview): string[] {
  const { change, incident, active, inForce, action: act, skips, refuses, catchUp } = preview;
  const about =
    incident === null ? 'names no incident' : `resolves ${incident}, ${active ? 'active' : 'not active'}`;
  return [
    `emergency of ${change}, which ${about}${inForce ? '; in force' : ''}; judged as the next ${act}`,
    ...section(
      'skips:',
      skips.map(({ rule, because }) => [`  ${rule}`, because]),
    ),
    ...section(
      'refuses all the same:',
      refuses.map(({ rule, because }) => [`  ${rule}`, because]),
    ),
    ...section(
      'leaves to be caught up on:',
      catchUp.map(({ title, within }) => [`  within ${within}`, title]),
    ),
  ];
}

function section(head: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [`${head} nothing`] : [head, ...table(rows)];
}
