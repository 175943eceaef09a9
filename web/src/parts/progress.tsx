import classes from './progress.module.css';
import type { Tone } from './badge.tsx';

interface ProgressProps {
  readonly done: number;
  readonly of: number;
  /** What it is the progress of. */
  readonly label: string;
  readonly tone?: Tone;
}

/** How much of something is done, as a bar and in numbers. */
export function Progress({ done, of, label, tone = 'busy' }: ProgressProps) {
  return (
    <div className={classes['progress']}>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={done}
        className={classes['bar']}
        data-tone={tone}
      >
        <div className={classes['done']} style={{ width: `${of === 0 ? 0 : (100 * done) / of}%` }} />
      </div>
      <span className={classes['number']}>
        {done} of {of}
      </span>
    </div>
  );
}
