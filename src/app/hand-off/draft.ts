import type { HandOffFacts } from '../../contract/hand-offs.ts';
import type { HandOff } from '../../contract/runs.ts';

const LONGEST_STATE = 4_000;
const LONGEST_LINE = 1_000;

/** The note that the facts make by themselves, for whoever writes it to edit. */
export function draftOf(facts: HandOffFacts): HandOff {
  const state = [
    `${facts.change}, ${facts.run}: ${facts.steps.succeeded} of ${facts.steps.of} steps succeeded${ending(facts)}.`,
    ...facts.skipped.map(skippedLine),
    checksLine(facts),
    ...facts.later.map(({ name, afterMs }) => `Later: ${name}, ${afterMs / 60_000} min after the end.`),
    ...facts.tasks.map(({ task, title, owner }) => `Open: ${task} (${owner}): ${title}`),
  ];
  return {
    state: short(state.join('\n'), LONGEST_STATE),
    silences: facts.silences.map((silence) => short(silenceLine(silence), LONGEST_LINE)),
    graphs: facts.watch.map(({ name, graph, verdict }) =>
      short(verdict === 'pass' ? graph : `${graph} (${name}: ${verdict})`, LONGEST_LINE),
    ),
  };
}

function ending({ phase, undone }: HandOffFacts): string {
  return phase === 'rollback' ? `, rolled back in ${undone} steps` : '';
}

function skippedLine({ step, state, because, settledBy }: HandOffFacts['skipped'][number]): string {
  const by = settledBy === null ? '' : `, as ${settledBy} states`;
  return `Step ${step}: ${state}${by}${because === null ? '' : ` (${because})`}.`;
}

function checksLine({ postchecks }: HandOffFacts): string {
  const not = postchecks.filter(({ verdict }) => verdict !== 'pass');
  if (not.length === 0) return `Post-checks: ${postchecks.length} passed.`;
  return `Post-checks: ${not.map(({ name, verdict }) => `${name}: ${verdict}`).join(', ')}.`;
}

function silenceLine({ labels, endsAt, handedTo, hides }: HandOffFacts['silences'][number]): string {
  const until = handedTo === null ? `ends with the run, or ${endsAt}` : `until ${endsAt}, ${handedTo} has it`;
  const now = hides === null ? 'unknown whether it still matches' : `matches ${hides} alerts now`;
  return `${labels}: ${until}; ${now}`;
}

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text;
}
