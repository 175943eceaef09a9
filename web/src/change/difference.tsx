import { useQuery } from '@tanstack/react-query';
import type { WordDifference } from '../../../src/contract/word-fates.ts';
import type { Part } from '../../../src/kernel/change/part.ts';
import { lineEdits } from '../../../src/plan/line-difference.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { api } from '../server/api.ts';
import { Lines } from './lines.tsx';
import { placeWords } from './plan-words.ts';
import classes from './difference.module.css';

const PARTS: Readonly<Partial<Record<Part, string>>> = {
  watch: 'watched metrics',
  'dry-run': 'what the dry run printed',
  slot: 'the slot',
};

const partText = (part: Part) => PARTS[part] ?? part;

/** Parts of a plan in a sentence. */
export function partsText(parts: readonly Part[]): string {
  return parts.map(partText).join(', ');
}

/** What differs between the plan that somebody approved and the plan as it is now: the parts, then each place in them. */
export function Difference({ change, approval }: { readonly change: string; readonly approval: string }) {
  const difference = useQuery({
    queryKey: ['change', change, 'difference', approval],
    queryFn: () => api<WordDifference>(`/changes/${change}/approvals/${approval}/difference`),
  });
  return (
    <Answered query={difference}>
      {({ parts, differences }) => (
        <>
          <p className={classes['parts']}>
            Parts that changed:{' '}
            {parts.length === 0
              ? 'none'
              : parts.map((part) => (
                  <Badge key={part} tone="warn">
                    {partText(part)}
                  </Badge>
                ))}
          </p>
          <ul className={classes['places']}>
            {differences.map(({ path, before, after }) => (
              <li key={path}>
                <strong>{placeWords(path)}</strong>
                <Lines edits={lineEdits(linesOf(before), linesOf(after))} was="as approved" />
              </li>
            ))}
          </ul>
        </>
      )}
    </Answered>
  );
}

/** What stood there as lines: a text as it is, anything else as indented JSON. */
function linesOf(json: string | null): string {
  if (json === null) return '';
  const value: unknown = JSON.parse(json);
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.endsWith('\n') ? text : `${text}\n`;
}
