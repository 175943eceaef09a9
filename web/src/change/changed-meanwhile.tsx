import { Button, Group } from '@mantine/core';
import { lineEdits } from '../../../src/plan/line-difference.ts';
import type { PlanDraft } from '../plan-editor/drafts.ts';
import { Lines } from './lines.tsx';
import type { Tagged } from './plan-page.tsx';
import classes from '../plan-editor/plan-editor.module.css';

interface ChangedMeanwhileProps {
  readonly draft: PlanDraft;
  readonly now: Tagged;
  readonly onTakeOver: (part: Partial<PlanDraft>) => void;
}

/** That the request is another one than this edit was begun from, and the ways on; neither text is lost by itself. */
export function ChangedMeanwhile({ draft, now: { value, tag }, onTakeOver }: ChangedMeanwhileProps) {
  const { edits, begunText } = draft;
  const edited = value.planText !== begunText;
  const to = { change: value.id, version: value.version, tag };
  return (
    <div className="notice warn" role="alert">
      <p>
        {edited
          ? `Somebody changed the plan meanwhile: you began from version ${edits?.version ?? 0}, it is version ${value.version} now.`
          : 'The plan is as you began from; what was said of it, its slot or its state has changed meanwhile.'}
      </p>
      {edited && (
        <section aria-label="What they changed">
          <Lines edits={lineEdits(begunText, value.planText)} was="as you began" />
        </section>
      )}
      {edited && (
        <details className={classes['more']}>
          <summary>The plan as it is now</summary>
          <pre tabIndex={0} aria-label="The plan as it is now">
            {value.planText}
          </pre>
        </details>
      )}
      <Group gap="xs">
        <Button variant="default" onClick={() => onTakeOver({ edits: to, begunText: value.planText })}>
          {edited ? 'Go on with my text, over theirs' : 'Go on'}
        </Button>
        {edited && (
          <Button
            variant="subtle"
            onClick={() =>
              onTakeOver({
                edits: to,
                text: value.planText,
                begunText: value.planText,
                scripts: value.scripts,
              })
            }
          >
            Take their text, mine is thrown away
          </Button>
        )}
      </Group>
    </div>
  );
}
