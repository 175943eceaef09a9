import { useRef } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/page.tsx';
import classes from './plan.module.css';

type Finding = ChangeView['findings'][number];

/** The plan as it was sent, each line that the linter speaks of marked, and its scripts. */
export function Plan({ view }: { readonly view: ChangeView }) {
  const lines = useRef<HTMLOListElement>(null);
  const byLine = Map.groupBy(
    view.findings.filter(({ file }) => file === view.planFile),
    ({ line }) => line,
  );
  return (
    <>
      <Section title={`What the linter finds (${view.findings.length})`}>
        {view.findings.length === 0 ? (
          <p className="quiet">Nothing.</p>
        ) : (
          <ul className={classes['findings']}>
            {view.findings.map((one) => (
              <li key={`${one.rule} ${one.file} ${one.line}:${one.column} ${one.message}`}>
                <OneFinding
                  finding={one}
                  onGo={() => lines.current?.children[one.line - 1]?.scrollIntoView({ block: 'center' })}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={view.planFile} aside={<code className="quiet">{view.digest.slice(0, 19)}…</code>}>
        <ol ref={lines} className={classes['text']} tabIndex={0} aria-label={`Text of ${view.planFile}`}>
          {view.planText.split('\n').map((text, index) => (
            // A line is known by its place alone.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} data-level={byLine.get(index + 1)?.[0]?.level}>
              <code>{text === '' ? ' ' : text}</code>
              {byLine.get(index + 1)?.map(({ rule, message }) => (
                <span key={rule + message} className={classes['mark']}>
                  {rule}: {message}
                </span>
              ))}
            </li>
          ))}
        </ol>
      </Section>
      {Object.entries(view.scripts).map(([path, text]) => (
        <Section key={path} title={path}>
          <pre className={classes['script']} tabIndex={0} aria-label={`Text of ${path}`}>
            {text}
          </pre>
        </Section>
      ))}
    </>
  );
}

function OneFinding({ finding, onGo }: { readonly finding: Finding; readonly onGo: () => void }) {
  const { rule, level, excepted, line, column, message, fix } = finding;
  return (
    <>
      <Badge tone={excepted ? 'warn' : level === 'error' ? 'stop' : 'warn'}>
        {excepted ? 'excepted' : level}
      </Badge>{' '}
      <button type="button" className={classes['place']} onClick={onGo}>
        line {line}:{column}
      </button>{' '}
      <code>{rule}</code> {message} <span className="quiet">{fix}</span>
    </>
  );
}
