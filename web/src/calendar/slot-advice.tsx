import { Checkbox, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import { Answered } from '../parts/answered.tsx';
import { Instant } from '../parts/instant.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Said } from '../parts/said.tsx';
import { askSlot } from './ask-slot.ts';
import { Verdict } from './verdict.tsx';

const OPENINGS = 3;

interface SlotAdviceProps {
  readonly change: string;
  readonly slot: { readonly start: string; readonly end: string };
  /** Changes in conflict whose people know of it: each has to be named. */
  readonly known: readonly string[];
  readonly onKnown: (changes: readonly string[]) => void;
}

/** What there is to know of a slot before it is asked for; asking changes nothing. */
export function SlotAdvice({ change, slot, known, onKnown }: SlotAdviceProps) {
  const report = useQuery(askSlot(change, slot));
  return (
    <Answered query={report} waiting={<Waiting rows={1} />}>
      {({ decision, conflicts, warnings, openings }) => (
        <div aria-label="What there is to know of it" role="group">
          <Verdict decision={decision} />
          {conflicts.length > 0 && <Conflicts conflicts={conflicts} known={known} onKnown={onKnown} />}
          {warnings.map(({ text }) => (
            <p key={text} className="notice warn">
              <Said text={text} />
            </p>
          ))}
          {openings.length > 0 && (
            <p className="quiet">
              Hours, locks and others leave it free from{' '}
              {openings.slice(0, OPENINGS).map(({ first, last }, index) => (
                <span key={first}>
                  {index > 0 && ', or from '}
                  <Instant at={first} /> to <Instant at={last} />
                </span>
              ))}
              .
            </p>
          )}
        </div>
      )}
    </Answered>
  );
}

interface ConflictsProps extends Pick<SlotAdviceProps, 'known' | 'onKnown'> {
  readonly conflicts: readonly CalendarSlot[];
}

function Conflicts({ conflicts, known, onKnown }: ConflictsProps) {
  return (
    <Checkbox.Group
      label="Conflicts that you know of and have settled with their people"
      value={[...known]}
      onChange={onKnown}
    >
      <Stack gap="xs" mt="xs">
        {conflicts.map((one) => (
          <Checkbox key={one.change} value={one.change} label={`${one.change} ${one.title}`} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
