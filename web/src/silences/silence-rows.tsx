import { Link } from '@tanstack/react-router';
import type { HidingSilence } from '../../../src/contract/silences.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { labelsText } from './matchers.ts';
import { EndAct, HandOverAct } from './silence-acts.tsx';
import rows from '../parts/rows.module.css';

const STATES: Readonly<Record<HidingSilence['state'], readonly [tone: Tone, text: string]>> = {
  waiting: ['busy', 'asked for'],
  active: ['busy', 'ends with its run'],
  outlives: ['stop', 'outlives its run'],
  handed: ['warn', 'handed on'],
  ended: ['quiet', 'ended'],
};

interface SilenceRowsProps {
  readonly label: string;
  readonly silences: readonly HidingSilence[];
}

/** Silences as rows: what each hides now, until when, and who may end it or hand it on. */
export function SilenceRows({ label, silences }: SilenceRowsProps) {
  return (
    <ul className={rows['rows']} aria-label={label}>
      {silences.map((one) => (
        <Row key={one.id} silence={one} />
      ))}
    </ul>
  );
}

function Row({ silence }: { readonly silence: HidingSilence }) {
  const { change, run, reason, by, at, endsAt, endedAt, handedTo, state } = silence;
  const [tone, text] = STATES[state];
  return (
    <li>
      <div className={rows['line']}>
        <span className={rows['title']}>
          <code>{labelsText(silence.matchers)}</code>
        </span>
        <span>
          <Badge tone={tone}>{text}</Badge> {state !== 'ended' && <Hides silence={silence} />}
        </span>
      </div>
      <p className={rows['more']}>
        <Said text={reason} />. By {by}, <Instant at={at} />, for{' '}
        <Link to="/runs/$run" params={{ run }}>
          {run}
        </Link>{' '}
        of{' '}
        <Link to="/changes/$id" params={{ id: change }} search={{ part: 'runs' }}>
          {change}
        </Link>
        {handedTo !== null && `; ${handedTo} has it`}
      </p>
      <p className={rows['more']}>
        {endedAt === null ? (
          <>
            until <Instant at={endsAt} />, <Away at={endsAt} />
          </>
        ) : (
          <>
            ended <Instant at={endedAt} />
          </>
        )}
      </p>
      {state !== 'ended' && (
        <div className={rows['acts']}>
          <EndAct silence={silence} /> <HandOverAct silence={silence} />
        </div>
      )}
    </li>
  );
}

/** What it keeps from being told now: nothing is a silence that may go, and unknown is no answer. */
function Hides({ silence: { hides } }: { readonly silence: HidingSilence }) {
  if (hides === null) return <Badge tone="unknown">not known what it hides</Badge>;
  if (hides.length === 0) return <Badge tone="quiet">hides nothing now</Badge>;
  return <Badge tone="warn">{`hides ${[...new Set(hides)].join(', ')} now`}</Badge>;
}
