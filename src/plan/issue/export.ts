import type { Hash } from '../../kernel/ledger/hash.ts';
import { toUtf8 } from '../../kernel/ledger/utf8.ts';
import type { Plan } from '../../contract/plan.ts';
import { hex } from '../digest.ts';
import { lineEdits } from '../line-difference.ts';
import { fenced } from './markdown.ts';
import type { Unread } from './unread.ts';
import { renderPlan } from './render.ts';

const BEGIN = /^<!-- interlock:plan begin file=([0-9a-f]{64}) shown=([0-9a-f]{64}) -->$/;
const ANY_BEGIN = /^<!-- interlock:plan begin\b/;
const END = '<!-- interlock:plan end -->';
const ABOUT = /^<!-- interlock:about ([0-9a-f]{64}) -->$/;
/** What a tracker's issue has around our part. */
const OTHER_MARK = /^<!-- interlock:(?:begin|end|id [0-9a-f]{32}) -->$/;
const OPENS = '<details><summary>The plan as a file</summary>';

/**
 * A plan as the text of an issue, between two markers: first for people, then the file itself, letter by letter, so that nothing is lost. Both are known again
 * by their digests: what somebody edits is seen.
 */
export function exportPlan(text: string, plan: Plan, hash: Hash): string {
  const shown = shownText(plan);
  return [
    `<!-- interlock:plan begin file=${digestOf(text, hash)} shown=${digestOf(shown, hash)} -->`,
    shown,
    OPENS,
    '',
    fenced(text, 'yaml'),
    '',
    '</details>',
    END,
    '',
  ].join('\n');
}

/** What the product says of a request above its plan, known again by its digest: it is nobody's own words. */
export function aboutText(text: string, hash: Hash): string {
  return `<!-- interlock:about ${digestOf(text.trim(), hash)} -->\n${text}`;
}

/** A plan that stood in an issue. */
export interface Imported {
  /** The text of the plan file, as it stands in the issue. */
  readonly text: string;
  /** Whether somebody edited it there. */
  readonly fileEdited: boolean;
  /** What somebody wrote or took away in the part for people, and what is wrong with the markers: nothing of it is in `text`. */
  readonly unread: readonly Unread[];
}

/** The plan between the markers of an issue; `null` where there are none. `read` is what the file says, to tell what else people edited. */
export function importExported(
  issue: string,
  read: (text: string) => Plan | null,
  hash: Hash,
): Imported | null {
  const lines = issue.split('\n').map((line) => line.replace(/\r$/, ''));
  const begin = lines.findIndex((line) => ANY_BEGIN.test(line));
  if (begin === -1) return null;
  const bounds = boundsOf(lines, begin);
  const marks = BEGIN.exec(lines[begin] ?? '');
  if (!bounds || !marks) {
    const because = 'expected the markers of a plan as they were written, got them edited';
    return { text: '', fileEdited: true, unread: [{ line: begin + 1, text: lines[begin] ?? '', because }] };
  }
  const [, fileDigest = '', shownDigest = ''] = marks;
  const raw = issue.split('\n').slice(bounds.fence + 1, bounds.close);
  const { text, same } = fileText(raw, fileDigest, hash);
  const shown = lines.slice(begin + 1, bounds.opens);
  const edits = digestOf(shown.join('\n'), hash) === shownDigest ? [] : editsOf(shown, begin + 2, read(text));
  return { text, fileEdited: !same, unread: [...edits, ...outside(lines, { begin, end: bounds.end }, hash)] };
}

interface Bounds {
  readonly opens: number;
  readonly fence: number;
  readonly close: number;
  readonly end: number;
}

/** Where the parts stand. The block of the file ends with its own fence, whatever is in it. */
function boundsOf(lines: readonly string[], begin: number): Bounds | null {
  const opens = lines.indexOf(OPENS, begin);
  const fence = opens === -1 ? -1 : lines.findIndex((line, at) => at > opens && /^`{3,}yaml$/.test(line));
  const closing = fence === -1 ? '' : (lines[fence] ?? '').replace('yaml', '');
  const close = fence === -1 ? -1 : lines.indexOf(closing, fence + 1);
  const end = close === -1 ? -1 : lines.indexOf(END, close);
  return end === -1 ? null : { opens, fence, close, end };
}

/** The file, known by its digest with the line ends that it had; a tracker may have changed those. */
function fileText(raw: readonly string[], digest: string, hash: Hash) {
  const content = raw.join('\n');
  const plain = content.replaceAll('\r\n', '\n').replace(/\r$/, '');
  const texts = [`${content}\n`, content, `${plain}\n`, plain];
  const found = texts.find((text) => digestOf(text, hash) === digest);
  return { text: found ?? `${plain}\n`, same: found !== undefined };
}

function editsOf(shown: readonly string[], firstLine: number, plan: Plan | null): readonly Unread[] {
  if (plan === null) {
    const because =
      'expected the part for people as it was written, got it edited; the file says nothing to compare it with';
    return [{ line: firstLine, text: shown[0] ?? '', because }];
  }
  let line = firstLine;
  return lineEdits(`${shownText(plan)}\n`, shown.map((one) => `${one}\n`).join('')).flatMap((edit) => {
    const here = line;
    if (edit.kind !== '-') line += 1;
    const text = edit.line.trim();
    if (edit.kind === ' ' || text === '') return [];
    const what = edit.kind === '+' ? 'was written here' : 'was taken away here';
    return [{ line: here, text, because: `it ${what} by hand; the plan is the file below: edit that` }];
  });
}

/** What stands around the plan, and is not ours, is people's own; a second plan there would be overlooked. */
function outside(
  lines: readonly string[],
  { begin, end }: { readonly begin: number; readonly end: number },
  hash: Hash,
): readonly Unread[] {
  const ours = aboutBegins(lines, begin, hash);
  return lines.flatMap((text, index) => {
    if ((index >= ours && index <= end) || text.trim() === '' || OTHER_MARK.test(text)) return [];
    const because = ANY_BEGIN.test(text)
      ? 'expected one plan, got another one here'
      : 'it stands outside of the plan, and is no part of it';
    return [{ line: index + 1, text, because }];
  });
}

/** Where our words above the plan begin, as long as nobody edited them; else where the plan does. */
function aboutBegins(lines: readonly string[], begin: number, hash: Hash): number {
  const at = lines.findLastIndex((line, index) => index < begin && ABOUT.test(line));
  const digest = ABOUT.exec(lines[at] ?? '')?.[1];
  const said = lines.slice(at + 1, begin).join('\n');
  return digest !== undefined && digestOf(said.trim(), hash) === digest ? at : begin;
}

const shownText = (plan: Plan) => renderPlan(plan).join('\n');

const digestOf = (text: string, hash: Hash) => hex(hash(toUtf8(text)));
