import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import planSchema from '../../../plan.schema.json?raw';
import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { piecesOf } from '../parts/pieces.ts';
import { utcText } from '../parts/time.ts';
import { serverNow } from '../server/clock.ts';
import type { Mark } from './marks.ts';
import { offersIn, type Offer } from './offers.ts';
import type { Schema } from './schema.ts';

const SCHEMA = JSON.parse(planSchema) as Schema;

export interface CodeSetup {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What it is called to who hears the page; what its keys are is at the element of this id. */
  readonly label: string;
  readonly describedBy: string;
  /** Without it the browser takes no style of the editor (ADR 0114). */
  readonly nonce: string;
  readonly words: () => PlanWords | null;
  readonly onText: (text: string) => void;
}

/** Begins an editor. Tab is left to the page: who writes by keyboard alone is not held. */
export function startCode({ parent, text, label, describedBy, nonce, words, onText }: CodeSetup): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        basicSetup,
        yaml(),
        syntaxHighlighting(COLOURS),
        lintGutter(),
        autocompletion({ override: [completionOf(words)] }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-describedby': describedBy,
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onText(update.state.doc.toString());
        }),
        LOOKS,
      ],
    }),
  });
}

/** Puts another text in the place of the editor's, by the smallest change: the cursor and what is undone stay. */
export function putText(view: EditorView, text: string): void {
  const old = view.state.doc.toString();
  if (old === text) return;
  const most = Math.min(old.length, text.length);
  let from = 0;
  while (from < most && old[from] === text[from]) from += 1;
  let same = 0;
  while (same < most - from && old.at(-1 - same) === text.at(-1 - same)) same += 1;
  const change = { from, to: old.length - same, insert: text.slice(from, text.length - same) };
  view.dispatch({ changes: change });
}

export function showMarks(view: EditorView, marks: readonly Mark[]): void {
  const { doc } = view.state;
  const diagnostics = marks.map((mark): Diagnostic => {
    const { from, to } = placeOf(view, mark);
    const { level, rule, message, fix } = mark;
    const text = [rule === null ? message : `${rule}: ${message}`, fix]
      .filter((one) => one !== null)
      .join('\n');
    return { from, to, severity: level, message: text, renderMessage: () => saidNode(text) };
  });
  const within = diagnostics.filter(({ to }) => to <= doc.length).toSorted((a, b) => a.from - b.from);
  view.dispatch(setDiagnostics(view.state, within));
}

/** As `Said` shows it, outside React. */
function saidNode(text: string): Node {
  const node = document.createElement('span');
  for (const piece of piecesOf(text)) {
    const part = document.createElement(piece.kind === 'code' ? 'code' : 'span');
    part.textContent = piece.kind === 'instant' ? utcText(Date.parse(piece.text), serverNow()) : piece.text;
    node.append(part);
  }
  return node;
}

/** Puts the cursor at a place, in sight. */
export function goTo(view: EditorView, place: Pick<Mark, 'line' | 'column'>): void {
  const { from } = placeOf(view, place);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  view.focus();
}

/** From its place to the end of that line; a text that has become shorter since has its last. */
function placeOf({ state: { doc } }: EditorView, { line, column }: Pick<Mark, 'line' | 'column'>) {
  const { from, to, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const at = Math.min(from + column - 1, to);
  const end = Math.max(at, from + text.trimEnd().length);
  return { from: at === end && at > from ? at - 1 : at, to: end };
}

function completionOf(words: () => PlanWords | null): CompletionSource {
  return ({ state, pos, explicit }) => {
    const line = state.doc.lineAt(pos);
    const at = { line: line.number - 1, column: pos - line.from };
    const found = offersIn(SCHEMA, words(), state.doc.toString().split('\n'), at);
    if (found === null) return null;
    // By itself it speaks up only once something is typed.
    if (!explicit && found.from === at.column) return null;
    return { from: line.from + found.from, options: found.offers.map(completion), validFor: /^[\w.@/-]*$/ };
  };
}

const TYPES = { field: 'property', word: 'enum', name: 'constant' } as const;

function completion({ label, kind, detail, says, insert, first }: Offer): Completion {
  return {
    label,
    type: TYPES[kind],
    apply: insert,
    ...(detail !== undefined && { detail }),
    ...(says !== undefined && { info: says }),
    ...(first && { boost: 1 }),
  };
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.comment, tags.meta], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.bool, tags.null, tags.number], color: 'var(--unknown)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--quiet)' },
]);

const TOOLTIP = { border: '1px solid var(--line-strong)', background: 'var(--panel)', color: 'var(--text)' };

const LOOKS = EditorView.theme({
  '&': { height: '100%', background: 'var(--panel)', color: 'var(--text)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { background: 'var(--sunk)', color: 'var(--quiet)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--busy-ground) 45%, transparent)' },
  '.cm-activeLineGutter': { background: 'var(--busy-ground)', color: 'var(--text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-selectionMatch': { background: 'var(--sunk)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { background: 'var(--unknown-ground)' },
  '.cm-lintRange-error': { background: 'var(--stop-ground)' },
  '.cm-lintRange-warning': { background: 'var(--warn-ground)' },
  '.cm-tooltip': TOOLTIP,
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--panel)',
  },
  '.cm-completionInfo': { ...TOOLTIP, maxWidth: '22rem', fontFamily: 'var(--font)' },
  '.cm-completionDetail': { color: 'var(--quiet)' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-diagnostic': { fontFamily: 'var(--font)', whiteSpace: 'pre-wrap' },
  '.cm-panels': { background: 'var(--sunk)', color: 'var(--text)' },
  '.cm-foldPlaceholder': {
    background: 'var(--sunk)',
    color: 'var(--quiet)',
    borderColor: 'var(--line-strong)',
  },
});
