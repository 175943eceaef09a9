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

/** What is what on the calendar. */
export function Legend({ hours }: { readonly hours: boolean }) {
  const looks = Object.entries(hours ? { ...LOOKS, ...LOOKS_OF_HOURS } : LOOKS);
  return (
    <ul className={classes['legend']} aria-label="What is what">
      {looks.map(([look, text]) => (
        <li key={look}>
          <span aria-hidden="true" className={`${classes['sample']} ${classes[look]}`} />
          {text}
        </li>
      ))}
    </ul>
  );
}
