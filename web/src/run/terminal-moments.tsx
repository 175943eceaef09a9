import { NativeSelect } from '@mantine/core';
import type { Moment } from './player.ts';
import classes from './terminal.module.css';

/** Beyond these a row of buttons is a wall. */
const MOST_BUTTONS = 8;

interface MomentsProps {
  readonly moments: readonly Moment[];
  readonly onGo: (moment: Moment) => void;
}

/** The steps of a recording: one press goes to where one began. */
export function Moments({ moments, onGo }: MomentsProps) {
  if (moments.length === 0) return null;
  return (
    <div className={classes['moments']} role="group" aria-label="Steps in the recording">
      {moments.length <= MOST_BUTTONS ? (
        moments.map((moment) => (
          <button key={`${moment[0]} ${moment[1]}`} type="button" onClick={() => onGo(moment)}>
            {moment[1]}
          </button>
        ))
      ) : (
        <NativeSelect
          aria-label="Look at the begin of a step"
          value=""
          data={[
            { value: '', label: 'Look at the begin of a step …' },
            ...moments.map(([, name], index) => ({ value: String(index), label: `${index + 1} ${name}` })),
          ]}
          onChange={(event) => {
            const moment = moments[Number(event.currentTarget.value)];
            if (event.currentTarget.value !== '' && moment) onGo(moment);
          }}
        />
      )}
    </div>
  );
}
