import classes from './calendar.module.css';

const LOOKS = {
  slot: 'slot',
  pencilled: 'only pencilled in',
  running: 'running',
  conflict: 'in conflict with another one (▲)',
  hardLock: 'hard lock',
  softLock: 'soft lock',
} as const;
const LOOKS_OF_HOURS = {
  closed: 'outside the hours',
  shift: 'change of shift',
  gap: 'nobody on call',
} as const;

const HOW_ON_HOURS = 'To plan a slot, pull over the hours; a finger holds for a moment first.';
const HOW_ON_DAYS =
  'To plan a slot, press what is free of a day or pull over several days; the key p does it on the day that has the focus.';

/** What is what on the calendar, and how a slot is drawn on it. */
export function Legend({ hours }: { readonly hours: boolean }) {
  const looks = Object.entries(hours ? { ...LOOKS, ...LOOKS_OF_HOURS } : LOOKS);
  return (
    <>
      <ul className={classes['legend']} aria-label="What is what">
        {looks.map(([look, text]) => (
          <li key={look}>
            <span aria-hidden="true" className={`${classes['sample']} ${classes[look]}`} />
            {text}
          </li>
        ))}
      </ul>
      <p className={`quiet ${classes['how']}`} data-hours={hours} data-print="hide">
        {hours ? HOW_ON_HOURS : HOW_ON_DAYS}
      </p>
    </>
  );
}
