import { actionOf, byHand, checkOf, stepOf, type Line } from './actions.ts';
import type { Block } from './blocks.ts';
import { criticality, takeField } from './fields.ts';
import type { Heard, HeardStep } from './heard.ts';
import { nameOf } from './words.ts';

type Section =
  | 'title'
  | 'summary'
  | 'details'
  | 'detailed'
  | 'pre'
  | 'steps'
  | 'post'
  | 'rollback'
  | 'metrics'
  | 'infrastructure'
  | 'checklist'
  | 'unknown';

/** The headings of both templates. What they stand for here is the same. */
const HEADINGS: readonly (readonly [RegExp, Section])[] = [
  [/^production change\b/i, 'title'],
  [/^change summary$/i, 'summary'],
  [/^change details$/i, 'details'],
  [/^detailed steps for the change/i, 'detailed'],
  [/^pre-change steps/i, 'pre'],
  [/^change steps/i, 'steps'],
  [/^post-change steps/i, 'post'],
  [/^rollback\b/i, 'rollback'],
  [/^(?:monitoring$|key metrics)/i, 'metrics'],
  [/^summary of infrastructure changes/i, 'infrastructure'],
  [/^changes? checklist/i, 'checklist'],
];

const KEEPS_LABELS = /^set label ~"?change::/i;
const TICKED = 'what is ticked in an issue is no evidence here';
const NO_PLACE = 'a plan has no place for it';

/** Reads the blocks of an issue, in their order. Each is understood, part of the template, or listed. */
export function hearBlocks(heard: Heard, blocks: readonly Block[]): void {
  let section: Section = 'unknown';
  for (const block of blocks) {
    if (block.kind === 'heading') section = headingOf(heard, section, block);
    else hearBlock(heard, section, block);
  }
}

function headingOf(heard: Heard, former: Section, block: Block & { kind: 'heading' }): Section {
  const { line, text } = block;
  const known = HEADINGS.find(([pattern]) => pattern.test(text))?.[1];
  if (known === 'title' && /\bC[1-4]\b/.test(text)) criticality(heard, block);
  if (known !== undefined) return known;
  const numbered = /^\d+[.)]\s+(.+)$/.exec(text)?.[1];
  if (numbered !== undefined && (former === 'detailed' || former === 'steps')) {
    heard.steps.push({ name: nameOf(numbered), action: null, section: 'steps', before: [], after: [] });
    return 'steps';
  }
  heard.unread.push({
    line,
    text,
    because: 'no template has a heading like this one; what stands under it is listed too',
  });
  return 'unknown';
}

function hearBlock(heard: Heard, section: Section, block: Exclude<Block, { kind: 'heading' }>): void {
  const { line, text } = block;
  if (block.kind === 'comment') return list(heard, block, 'it is a comment');
  if (block.kind === 'action') return hearAction(heard, block);
  if (block.kind === 'row') return hearRow(heard, block);
  const minutes = /^\*Estimated Time to Complete \(mins\)\*\s*-\s*(\d{1,4})$/i.exec(text)?.[1];
  if (
    minutes !== undefined &&
    (section === 'pre' || section === 'steps' || section === 'post' || section === 'rollback')
  ) {
    heard.minutes[section] = `${Number(minutes)} min`;
    return;
  }
  if (block.kind === 'item' && block.box === '-')
    return list(heard, block, 'it was marked as not applicable, and left out');
  if (block.kind === 'item' && block.box?.toLowerCase() === 'x' && section !== 'checklist')
    list(heard, block, TICKED);
  if (block.kind === 'code') return hearCode(heard, section, block);
  SAYS[section](heard, { line, text, item: block.kind === 'item' });
}

interface Said extends Line {
  readonly item: boolean;
}

const SAYS: Readonly<Record<Section, (heard: Heard, said: Said) => void>> = {
  title: (heard, said) => list(heard, said, NO_PLACE),
  unknown: (heard, said) => list(heard, said, NO_PLACE),
  detailed: (heard, said) => list(heard, said, NO_PLACE),
  summary: (heard, { text }) => void heard.objective.push(text),
  details: (heard, { line, text }) => {
    const [, name = '', value = ''] = /^\*\*(.+?)\*\*\s*[-:]?\s*(.*)$/.exec(text) ?? [];
    if (!takeField(heard, name, { line, text: value })) list(heard, { line, text }, NO_PLACE);
  },
  pre: (heard, said) => {
    if (KEEPS_LABELS.test(said.text))
      return list(heard, said, 'the labels of the issue are kept by the product');
    if (/^`[^`]+`$/.test(said.text)) return void heard.steps.push(stepOf(heard, 'pre', said));
    heard.preflight.push(checkOf(heard, said));
  },
  steps: (heard, said) => {
    const last = heard.steps.at(-1);
    const moment = /^\*\*(?:(pre-conditions?)|(post-execution validation))\*\*:?\s*(.*)$/i.exec(said.text);
    if (moment && last) {
      const [, before, , text = ''] = moment;
      (before === undefined ? last.after : last.before).push(...checksIn(heard, { line: said.line, text }));
    } else if (said.item) heard.steps.push(stepOf(heard, 'steps', said));
    else proseOf(heard, last, said);
  },
  post: (heard, said) => void heard.postchecks.push(checkOf(heard, said)),
  rollback: (heard, said) => {
    heard.rollback.push(stepOf(heard, 'rollback', said));
  },
  metrics: hearMetric,
  infrastructure: (heard, said) =>
    list(heard, said, 'it is an answer to another list of questions: name the topics of the policy'),
  checklist: (heard, said) => list(heard, said, TICKED),
};

/** Conditions that stand in one line, one after another. */
function checksIn(heard: Heard, { line, text }: Line) {
  return text
    .split(/;\s+/)
    .filter((part) => part !== '')
    .map((part) => checkOf(heard, { line, text: part }));
}

/** Prose under a step that has no command yet is what is done by hand; beside a command it is listed. */
function proseOf(heard: Heard, step: HeardStep | undefined, said: Line): void {
  if (step === undefined) return void heard.steps.push(stepOf(heard, 'steps', said));
  list(
    heard,
    said,
    'it is prose where a command belongs: it stands as work by hand until somebody writes the command',
  );
  step.action ??= byHand(said.text);
}

function hearCode(heard: Heard, section: Section, block: Line): void {
  const code = block.text.trim();
  const last = section === 'rollback' ? heard.rollback.at(-1) : heard.steps.at(-1);
  if (code === '' || (section !== 'steps' && section !== 'pre' && section !== 'rollback'))
    return list(heard, block, NO_PLACE);
  const waits = section === 'steps' && last?.action === null;
  if (waits) last.action = actionOf(code);
  else
    (section === 'rollback' ? heard.rollback : heard.steps).push({
      name: nameOf(code),
      action: actionOf(code),
      section,
      before: [],
      after: [],
    });
}

function hearMetric(heard: Heard, { line, text }: Line): void {
  const [, name = '', value = ''] =
    /^(Metric|Location|What changes to this metric[^:]*):\s*(.+)$/i.exec(text) ?? [];
  const last = heard.watch.at(-1);
  if (/^metric$/i.test(name)) heard.watch.push({ name: nameOf(value), graph: null, rollBack: null });
  else if (/^location$/i.test(name) && last) last.graph = value;
  else if (name !== '' && last) last.rollBack = value;
  if (name === '' || !/^location$/i.test(name))
    list(
      heard,
      { line, text },
      name === '' ? NO_PLACE : 'it is prose: the metric has placeholders for its query and its values',
    );
}

function hearRow(heard: Heard, row: Block & { kind: 'row' }): void {
  if (row.cells.every((cell) => /^:?-+:?$/.test(cell))) return;
  const [name = '', ...values] = row.cells;
  const text = values.join(' | ');
  if (!takeField(heard, name.replace(/^\*\*|\*\*$/g, ''), { line: row.line, text }))
    list(heard, row, NO_PLACE);
}

/** Quick actions: the criticality is taken from a label, the rest is the tracker's. */
function hearAction(heard: Heard, action: Line): void {
  if (/^\/label\b/.test(action.text) && /\bC[1-4]\b/.test(action.text)) criticality(heard, action);
  list(heard, action, 'it is an action of the tracker: only a criticality is taken from it');
}

function list(heard: Heard, { line, text }: Line, because: string): void {
  heard.unread.push({ line, text, because });
}
