import type { Instruction } from '../../contract/runs.ts';
import type { Denial } from '../../kernel/run/hold.ts';
import type { Want } from '../../kernel/run/next.ts';
import { segmentsOf, stepsOf, type OutlineStep } from '../../kernel/run/outline.ts';
import type { Grant } from '../../store/grants.ts';
import type { Proceeded, Proceeding } from './proceeding.ts';
import { stepOf, withStep, working, type RunEvent, type RunFile } from './run-file.ts';
import { grantLasts } from './timing.ts';

/** Hands a step out, under the grant that covers its segment or a new one. The verdict has been asked. */
export async function grantStep(
  on: Proceeding,
  file: RunFile,
  asked: {
    readonly want: Want & { kind: 'step' };
    /** Whether the grant that stands covers it. */
    readonly inside: boolean;
    readonly denials: readonly Denial[];
  },
): Promise<Proceeded> {
  const { want, inside, denials } = asked;
  const step = stepOf(file, want.list, want.position);
  const attempt = step.attempts + 1;
  const at = inside
    ? file
    : await on.record.openGrant(file, {
        list: want.list,
        segment: want.segment,
        attempt,
        epoch: file.run.epoch,
        lastsMs: grantLasts(restOfSegment(file, want), on.timing),
      });
  const next = withStep(working(at), {
    ...step,
    state: 'granted',
    attempts: attempt,
    startedAt: file.now,
    endedAt: null,
    settlement: null,
    settledBy: null,
    probed: false,
    retry: false,
  });
  const events = [grantEvent(next, { list: want.list, position: want.position, name: step.name, attempt })];
  return { file: next, instruction: stepInstruction(next, want.list, want.position), events, denials };
}

/** Hands out the corrective commands of the pre-flight checks that did not pass. */
export async function grantCorrection(on: Proceeding, file: RunFile): Promise<Proceeded> {
  const { corrected, epoch } = file.run;
  const checks = toCorrect(file);
  const at =
    file.grant?.list === 'preflight'
      ? file
      : await on.record.openGrant(file, {
          list: 'preflight',
          segment: 0,
          attempt: corrected.length + 1,
          epoch,
          lastsMs: grantLasts(
            checks.map(() => ({ timeoutMs: 0 })),
            on.timing,
          ),
        });
  const event = grantEvent(at, { list: 'preflight', position: 0, name: checks.join(', '), attempt: 1 });
  const instruction: Instruction = { kind: 'correct', checks: [...checks], grant: grantView(at) };
  return { file: working(at), instruction, events: at === file ? [] : [event], denials: [] };
}

/** The pre-flight checks that did not pass and whose corrective command was not handed out yet. */
export function toCorrect({ run }: Pick<RunFile, 'run'>): readonly string[] {
  const { outline, corrected, preflightResults } = run;
  const bad = preflightResults.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
  return bad.filter(
    (name) =>
      !corrected.includes(name) && outline.preflights.some((one) => one.name === name && one.corrective),
  );
}

/** A step is between its grant and its report: the request that granted it came again. */
export function awaited(file: RunFile, want: Want & { kind: 'wait' }): Proceeded {
  return { file, instruction: stepInstruction(file, want.list, want.position), events: [], denials: [] };
}

function stepInstruction(file: RunFile, list: 'steps' | 'rollback', position: number): Instruction {
  const { attempts } = stepOf(file, list, position);
  return { kind: 'step', list, position, attempt: attempts, grant: grantView(file) };
}

function grantView(file: RunFile): Extract<Instruction, { kind: 'step' }>['grant'] {
  const grant: Grant | null = file.grant;
  if (grant === null) throw new Error(`expected a live grant of ${file.run.id}, got none`);
  const { id, segment, attempt, epoch, expiresAt } = grant;
  return { id, segment, attempt, epoch, expiresInMs: Math.floor(expiresAt - file.now) };
}

function grantEvent(
  file: RunFile,
  place: {
    readonly list: string;
    readonly position: number;
    readonly name: string;
    readonly attempt: number;
  },
): RunEvent {
  return {
    type: 'run.granted',
    action: place.list === 'rollback' ? 'rollback' : 'step',
    outcome: 'allow',
    reason: `step \`${place.name}\`, attempt ${place.attempt}`,
    details: {
      step: place.name,
      list: place.list,
      position: place.position,
      attempt: place.attempt,
      grant: file.grant?.id ?? null,
      segment: file.grant?.segment ?? null,
      ...blindDetails(file, place),
    },
  };
}

/** The first grant of a step with a blind window opens it: the entry says which parts and for how long. */
function blindDetails(
  { run }: RunFile,
  { list, position, attempt }: { readonly list: string; readonly position: number; readonly attempt: number },
): Record<string, string | number> {
  const blind = list === 'steps' && attempt === 1 ? run.outline.steps[position]?.blind : undefined;
  return blind === undefined ? {} : { 'blind-parts': blind.parts.join(' '), 'blind-ms': blind.lastsMs };
}

/** The steps that a grant given now would cover: from this one to the end of its segment. */
function restOfSegment(file: RunFile, want: Want & { kind: 'step' }): readonly OutlineStep[] {
  const segments = segmentsOf(file.run.outline, want.list);
  return stepsOf(file.run.outline, want.list).filter(
    (_, position) => position >= want.position && segments[position] === want.segment,
  );
}
