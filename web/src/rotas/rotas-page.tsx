import { useQuery } from '@tanstack/react-query';
import type { RotaName } from '../../../src/contract/people.ts';
import type { Rota } from '../../../src/contract/rota.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Band, type BandRow } from '../parts/band.tsx';
import { Countdown, Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { spanText } from '../parts/time.ts';
import { WaitingHandOffs } from '../hand-off/waiting.tsx';
import { askMe, askRota } from '../server/questions.ts';
import { HandOver } from './hand-over.tsx';
import { HandOvers } from './hand-overs.tsx';
import { Overrides } from './overrides.tsx';
import { Sources } from './sources.tsx';
import { ROTA_WORDS, ROTAS } from './words.ts';
import classes from './rotas.module.css';

const AHEAD_MS = 14 * 86_400_000;

/** Who answers for production, now and in the next two weeks. */
export function RotasPage() {
  const rota = useQuery(askRota);
  return (
    <Page
      title="Rotas"
      lead="Who is on call. Where nobody is, the rules that need somebody say unknown, and unknown never passes."
    >
      <Answered query={rota}>{(answer) => <All rota={answer} />}</Answered>
    </Page>
  );
}

function All({ rota }: { readonly rota: Rota }) {
  return (
    <>
      <Section title="Now">
        <div className={classes['duties']}>
          {ROTAS.map((name) => (
            <Duty key={name} name={name} rota={rota} />
          ))}
        </div>
      </Section>
      <Section title="The next 14 days">
        <Weeks rota={rota} />
        <Gaps gaps={rota.gaps} />
      </Section>
      <Sources />
      <Section title="Hand-overs">
        <HandOvers />
      </Section>
      <Section title="Hand-offs that wait">
        <WaitingHandOffs />
      </Section>
      <Overrides />
    </>
  );
}

function Duty({ name, rota }: { readonly name: RotaName; readonly rota: Rota }) {
  const me = useQuery(askMe).data;
  const at = Date.parse(rota.at);
  const shifts = rota.shifts.filter((one) => one.rota === name);
  const now = shifts.find(({ start, end }) => Date.parse(start) <= at && at < Date.parse(end));
  const next = shifts.find(({ start }) => Date.parse(start) > at);
  return (
    <article aria-label={ROTA_WORDS[name]} className={classes['duty']}>
      <div className="quiet">{ROTA_WORDS[name]}</div>
      <div className={classes['person']}>{now?.person ?? <Badge tone="stop">nobody is on duty</Badge>}</div>
      {now && (
        <div>
          for <Countdown until={now.end} />, until <Instant at={now.end} />
        </div>
      )}
      <div className="quiet">
        {next ? (
          <>
            next: {next.person}, <Instant at={next.start} />
          </>
        ) : (
          'nobody comes next within 14 days'
        )}
      </div>
      {now && me?.name === now.person && <HandOver rota={name} until={now.end} />}
    </article>
  );
}

function Weeks({ rota }: { readonly rota: Rota }) {
  const from = Date.parse(rota.at);
  const rows: BandRow[] = ROTAS.map((name) => ({
    name: isUsed(rota, name) ? name.toUpperCase() : `${name.toUpperCase()}, not in use`,
    spans: [
      ...rota.shifts
        .filter((one) => one.rota === name)
        .map((one) => ({
          start: Date.parse(one.start),
          end: Date.parse(one.end),
          look: 'duty' as const,
          text: one.person,
          says: `${one.person} as ${name.toUpperCase()}, ${minute(one.start)} to ${minute(one.end)}`,
        })),
      ...rota.gaps
        .filter((one) => one.rota === name)
        .map((one) => ({
          start: Date.parse(one.start),
          end: Date.parse(one.end),
          look: 'gap' as const,
          text: 'nobody',
          says: `Nobody as ${name.toUpperCase()}, ${minute(one.start)} to ${minute(one.end)}`,
        })),
    ],
  }));
  return <Band label="Shifts of the next 14 days" from={from} to={from + AHEAD_MS} now={from} rows={rows} />;
}

/** A rota without any shift has no gaps: nobody counts on it. */
function isUsed({ shifts, gaps }: Rota, name: RotaName): boolean {
  return [...shifts, ...gaps].some(({ rota }) => rota === name);
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

function Gaps({ gaps }: Pick<Rota, 'gaps'>) {
  if (gaps.length === 0) return <p className="quiet">Of the rotas that are in use, none has a gap.</p>;
  return (
    <ul className={classes['gaps']} aria-label="Gaps">
      {gaps.map(({ rota, start, end }) => (
        <li key={`${rota} ${start}`}>
          <Badge tone="stop">{rota.toUpperCase()}</Badge> nobody for{' '}
          {spanText(Date.parse(end) - Date.parse(start))}, <Instant at={start} /> to <Instant at={end} />
        </li>
      ))}
    </ul>
  );
}
