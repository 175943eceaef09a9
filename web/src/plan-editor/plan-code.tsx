import type { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { Waiting } from '../parts/empty.tsx';
import { pageNonce } from '../parts/nonce.ts';
import { Problem } from '../parts/problem.tsx';
import type { Mark } from './marks.ts';
import classes from './plan-editor.module.css';

type Code = typeof import('./code-mirror.ts');
type Place = Pick<Mark, 'line' | 'column'>;

export interface PlanCodeHandle {
  /** Puts the cursor there. */
  readonly go: (place: Place) => void;
}

interface PlanCodeProps {
  readonly label: string;
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly words: PlanWords | null;
  readonly onText: (text: string) => void;
  readonly ref: Ref<PlanCodeHandle>;
}

/** The text of a plan in an editor of its own, which is loaded when it is first wanted. */
export function PlanCode({ label, text, marks, words, onText, ref }: PlanCodeProps) {
  const parent = useRef<HTMLDivElement>(null);
  const help = useId();
  const latest = useRef({ text, words, onText });
  const [editor, setEditor] = useState<{ readonly code: Code; readonly view: EditorView } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    latest.current = { text, words, onText };
  });
  useEffect(() => {
    let view: EditorView | undefined;
    let gone = false;
    const begin = async () => {
      const code = await import('./code-mirror.ts');
      if (gone || parent.current === null) return;
      view = code.startCode({
        parent: parent.current,
        text: latest.current.text,
        label,
        describedBy: help,
        nonce: pageNonce,
        words: () => latest.current.words,
        onText: (written) => latest.current.onText(written),
      });
      setEditor({ code, view });
    };
    begin().catch((error: unknown) => setFailure(error));
    return () => {
      gone = true;
      view?.destroy();
      setEditor(null);
    };
  }, [label, help]);
  useEffect(() => editor?.code.putText(editor.view, text), [editor, text]);
  useEffect(() => editor?.code.showMarks(editor.view, marks), [editor, marks]);
  useImperativeHandle(ref, () => ({ go: (place) => editor?.code.goTo(editor.view, place) }), [editor]);
  return (
    <>
      {failure !== null && <Problem error={failure} />}
      <div ref={parent} className={classes['code']}>
        {editor === null && failure === null && <Waiting rows={8} />}
      </div>
      <p id={help} className="quiet">
        <kbd>Tab</kbd> leaves the text, <kbd>Ctrl</kbd>
        <kbd>Space</kbd> says what may stand here, <kbd>F8</kbd> goes to the next mark.
      </p>
    </>
  );
}
