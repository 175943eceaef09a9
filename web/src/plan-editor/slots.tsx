import { Button, Radio, TextInput } from '@mantine/core';
import type { PreviewPlan } from '../../../src/contract/change-preview.ts';
import { Badge } from '../parts/badge.tsx';
import { Span } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { utcText } from '../parts/time.ts';
import { VERDICT_TONES } from '../parts/tones.ts';
import { serverNow } from '../server/clock.ts';
import classes from './plan-editor.module.css';

interface SlotsProps {
  readonly plan: PreviewPlan;
  readonly chosen: PreviewPlan['slot'];
  readonly onSlot: (slot: PreviewPlan['slot']) => void;
}

const MINUTE_MS = 60_000;

/** When it could be: the next openings to choose from, and what the interlock says of the one that is looked at. */
export function Slots({ plan, chosen, onSlot }: SlotsProps) {
  const { report, lengthMinutes, slot } = plan;
  const lengthMs = Math.max(lengthMinutes, 1) * MINUTE_MS;
  const from = (start: number) => ({
    start: new Date(start).toISOString(),
    end: new Date(start + lengthMs).toISOString(),
  });
  return (
    <Section title="When">
      <Radio.Group
        label="Openings that hold it"
        description={
          plan.edit === null
            ? 'A slot that is chosen is pencilled in when it is opened; taking it is asked for later.'
            : 'Only to look at: what is saved is the plan, its slot is asked for on its page.'
        }
        value={chosen === null ? '' : String(Date.parse(chosen.start))}
        onChange={(value) => onSlot(from(Number(value)))}
      >
        <div className={classes['openings']}>
          {report.openings.map(({ first, last }) => (
            <Radio
              key={first}
              value={String(Date.parse(first))}
              label={
                first === last
                  ? utcText(Date.parse(first), serverNow())
                  : `from ${utcText(Date.parse(first), serverNow())}, until ${utcText(Date.parse(last), serverNow())}`
              }
            />
          ))}
          {report.openings.length === 0 && <p className="quiet">None is near.</p>}
        </div>
      </Radio.Group>
      <div className={classes['pair']}>
        <TextInput
          type="datetime-local"
          label="Or begin at, UTC"
          value={chosen === null ? '' : chosen.start.slice(0, 16)}
          onChange={({ currentTarget: { value } }) =>
            onSlot(value === '' ? null : from(Date.parse(`${value}:00Z`)))
          }
        />
      </div>
      {chosen !== null && (
        <Button size="xs" variant="subtle" onClick={() => onSlot(null)}>
          No slot yet
        </Button>
      )}
      <Verdict plan={plan} />
      {slot === null && <p className="quiet">No slot could be judged.</p>}
    </Section>
  );
}

function Verdict({ plan: { decision, slot, report } }: Pick<SlotsProps, 'plan'>) {
  const stops = decision.verdicts.filter(({ verdict }) => verdict !== 'pass');
  return (
    <div role="group" aria-label="The verdict">
      <p>
        <Badge tone={decision.allowed ? 'go' : 'stop'}>
          {decision.allowed ? 'It could be scheduled' : 'It could not be scheduled yet'}
        </Badge>{' '}
        {slot && <Span start={slot.start} end={slot.end} />}
      </p>
      {report.conflicts.map(({ change, title }) => (
        <p key={change} className="notice warn">
          {change} {title} is on the same service then.
        </p>
      ))}
      {report.warnings.map(({ text }) => (
        <p key={text} className="notice warn">
          <Said text={text} />
        </p>
      ))}
      <ul className={classes['list']}>
        {stops.map(({ rule, verdict, because }) => (
          <li key={rule}>
            <Badge tone={VERDICT_TONES[verdict]}>{verdict}</Badge> <RuleName rule={rule} />:{' '}
            <Said text={because} />
          </li>
        ))}
      </ul>
    </div>
  );
}
