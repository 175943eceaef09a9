import type { NowAnswer } from '../../../src/contract/gate.ts';
import { ruleTitle } from '../../../src/kernel/policy/rule-titles.ts';
import { Countdown, Instant } from '../parts/instant.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { reasonsOf, type Signal, signalsOf } from './reasons.ts';
import classes from './board.module.css';

type Environment = NowAnswer['environments'][number];

/** One environment: go or stop for each kind of change, and why. */
export function Board({ environment, at }: { readonly environment: Environment; readonly at: string }) {
  const signals = signalsOf(environment);
  const reasons = reasonsOf(signals);
  return (
    <section aria-label={environment.name} className={classes['board']}>
      <h2 className={classes['name']}>{environment.name}</h2>
      <div className={classes['signals']}>
        {signals.map((signal) => (
          <SignalTile key={signal.name} signal={signal} at={at} />
        ))}
      </div>
      {reasons.length > 0 && (
        <ul className={classes['reasons']} aria-label={`Why, in ${environment.name}`}>
          {reasons.map(({ rule, verdict, concerns, texts }) => (
            <li key={rule}>
              <RuleName rule={rule} tone={VERDICT_TONES[verdict]} />
              <div>
                {texts.map((text) => (
                  <p key={text} className={classes['text']}>
                    <Said text={text} />
                  </p>
                ))}
              </div>
              <span className={classes['concerns']}>
                {concerns.length === signals.length ? 'all' : concerns.join(', ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function SignalTile({ signal, at }: { readonly signal: Signal; readonly at: string }) {
  const { name, allowed, nextOpening, verdicts } = signal;
  const word = allowed ? 'go' : 'stop';
  const stops = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  return (
    <article aria-label={`${name}: ${word}`} className={classes['tile']} data-word={word}>
      <div className={classes['what']}>{name}</div>
      <div className={classes['word']}>
        <span aria-hidden="true" className={classes['lamp']} /> {word}
      </div>
      <div className={classes['opening']}>
        {allowed ? 'as the rules stand' : <Opening nextOpening={nextOpening} at={at} />}
      </div>
      <span className="unseen">
        {stops.map(({ rule }) => `${ruleTitle(rule) ?? 'Rule'} (${rule})`).join(', ')}
      </span>
    </article>
  );
}

/** When time alone would open it; what else stands in the way is among the reasons. */
function Opening({ nextOpening, at }: { readonly nextOpening: string | null; readonly at: string }) {
  if (nextOpening === null) return 'no opening in sight';
  if (Date.parse(nextOpening) <= Date.parse(at)) return 'the hours would allow it';
  return (
    <>
      opens in <Countdown until={nextOpening} />
      <br />
      <Instant at={nextOpening} show="clock" />
    </>
  );
}
