import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef } from 'react';
import type { PlanWords } from '../../../src/contract/plan-sources.ts';
import { fieldEdit, fieldOf } from '../../../src/documents/edit.ts';
import { Waiting } from '../parts/empty.tsx';
import { Section } from '../parts/page.tsx';
import { api } from '../server/api.ts';
import { Beside } from './beside.tsx';
import { Fields } from './fields.tsx';
import { MarkList } from './mark-list.tsx';
import { marksOf, type Mark } from './marks.ts';
import { Parameters } from './parameters.tsx';
import { PlanCode, type PlanCodeHandle } from './plan-code.tsx';
import { Scripts } from './scripts.tsx';
import { usePreview, type Judged } from './use-preview.ts';
import type { DraftInHand } from './use-plan-draft.ts';
import { useLast } from './use-last.ts';
import { useReadHere } from './use-read-here.ts';
import classes from './plan-editor.module.css';

/** What may be named changes by the day: it is asked once a page. */
const askPlanWords = {
  queryKey: ['plan-words'],
  queryFn: () => api<PlanWords>('/plan-words'),
  refetchInterval: false,
  staleTime: 300_000,
} as const;
const NO_MARKS: readonly Mark[] = [];

interface WorkbenchProps {
  readonly hand: DraftInHand;
  /** What can be done with it, over what the server says. */
  readonly children: (judged: Judged) => ReactNode;
}

/** A plan in hand: its fields, its text with marks, its scripts, and beside them what the server says of it. */
export function Workbench({ hand: { draft, change, adopted }, children }: WorkbenchProps) {
  const { file, text, scripts, slot } = draft;
  const words = useQuery(askPlanWords).data ?? null;
  const judged = usePreview(draft);
  const here = useReadHere({ file, text, scripts, words });
  const fields = useLast(here?.fields ?? null);
  const frozen = here !== null && here.fields === null;
  const code = useRef<PlanCodeHandle>(null);
  // What the server says of this very text counts; until it has, what the same linter says here.
  const marks =
    judged.preview && (judged.about === text || here === null)
      ? marksOf(judged.preview, file)
      : (here?.marks ?? NO_MARKS);
  const shown = useSame(marks);
  const write = (name: string, value: unknown, after?: string) => {
    const edit = fieldEdit(text, name, value, after);
    if (edit !== null) change({ text: text.slice(0, edit.from) + edit.insert + text.slice(edit.to) });
  };
  const writeParameter = (name: string, value: string | number) => {
    // As the text has them now: what was read of it may be older than the last key.
    const values: object = Object(fieldOf(text, 'with') ?? {});
    write('with', { ...values, [name]: value }, 'parameters');
  };
  return (
    <div className={classes['bench']}>
      <div>
        {here && fields && (
          <Parameters
            key={`parameters ${adopted}`}
            fields={fields}
            flaws={here.parameterFlaws}
            frozen={frozen}
            onWrite={writeParameter}
          />
        )}
        <Section
          title="What it is about"
          aside={
            <span className="quiet" role="status">
              {frozen ? 'The text cannot be taken apart now: its fields wait.' : ''}
            </span>
          }
        >
          {here === null ? (
            <Waiting rows={6} />
          ) : (
            <Fields
              key={adopted}
              fields={fields}
              flaws={here.flaws}
              words={words}
              frozen={frozen}
              onWrite={write}
            />
          )}
        </Section>
        <Section title={`Plan, ${file}`}>
          <PlanCode
            ref={code}
            label="Plan"
            text={text}
            marks={shown}
            words={words}
            onText={(written) => change({ text: written })}
          />
        </Section>
        <MarkList marks={shown} file={file} onGo={(mark) => code.current?.go(mark)} />
        <Scripts
          named={here?.scripts ?? []}
          scripts={scripts}
          onChange={(changed) => change({ scripts: changed })}
        />
      </div>
      <Beside judged={judged} text={text} slot={slot} onSlot={(chosen) => change({ slot: chosen })}>
        {children(judged)}
      </Beside>
    </div>
  );
}

/** The same list as long as it says the same: what is drawn from it is not drawn again. */
function useSame(marks: readonly Mark[]): readonly Mark[] {
  const now = JSON.stringify(marks);
  return useMemo(() => JSON.parse(now) as readonly Mark[], [now]);
}
