import { lockImpact, type LockImpact, type LockVersion, type LockView } from '../contract/locks.ts';
import type { Question } from './ask-and-tell.ts';

/** A lock in a few lines: what holds, what waits, what to mind. */
export function lockLines({ id, kind, state, edit, warnings, ...lock }: LockView): readonly string[] {
  return [
    `${id}, a ${kind} lock, ${state}, version ${lock.version}: ${whenText(lock)}`,
    ...(edit === null
      ? []
      : [`  waits to be confirmed: version ${edit.version}, a ${edit.kind} lock: ${whenText(edit)}`]),
    ...warnings.map((warning) => `  mind: ${warning}`),
    ...(state === 'proposed' || state === 'emergency' || edit !== null
      ? [`  somebody else confirms it: interlock lock confirm ${id}`]
      : []),
  ];
}

/** When a version of a lock holds. */
export function whenText({ start, end, recurs }: Pick<LockVersion, 'start' | 'end' | 'recurs'>): string {
  const span = end === null ? `from ${start}, without an end` : `${start} to ${end}`;
  return recurs === null ? span : `${span}, by ${recurs.rule}, ${recurs.days} day(s) each`;
}

/** How an impact is asked for and reads. */
export const impactQuestion: Pick<Question<LockImpact>, 'answer' | 'lines'> = {
  answer: lockImpact,
  lines: ({ spans, holdsMs, blocks, frees, loosens, openings, warnings }) => [
    ...(spans.length === 0
      ? ['holds at no time ahead']
      : [`holds ${hours(holdsMs)} in all, ${spans.length === 1 ? 'once' : `${spans.length} times`}:`]),
    ...spans.slice(0, 5).map(({ start, end }) => `  ${start} to ${end}`),
    ...(spans.length > 5 ? [`  and ${spans.length - 5} more`] : []),
    ...blocks.map(
      ({ change, criticality, start, until, title }) =>
        `  blocks ${change} (${criticality}) of ${start} until ${until}: ${title}`,
    ),
    ...frees.map(
      ({ change, criticality, start, title }) => `  frees ${change} (${criticality}) of ${start}: ${title}`,
    ),
    ...openings.map(
      ({ environment, criticality, first, last }) =>
        `  closes an opening of ${criticality} in ${environment}: ${first} to ${last}`,
    ),
    ...(loosens ? ['  mind: it protects less than the lock does now'] : []),
    ...warnings.map((warning) => `  mind: ${warning}`),
  ],
};

function hours(ms: number): string {
  return `${Math.round(ms / 360_000) / 10} h`;
}
