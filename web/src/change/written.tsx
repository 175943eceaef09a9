import type { ChangeView } from '../../../src/contract/changes.ts';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import classes from './plan.module.css';

/** The plan as it was sent, each line that the linter speaks of marked, and its scripts. */
export function Written({ view }: { readonly view: ChangeView }) {
  const byLine = Map.groupBy(
    view.findings.filter(({ file }) => file === view.planFile),
    ({ line }) => line,
  );
  return (
    <>
      <ol className={classes['text']} tabIndex={0} aria-label={`Text of ${view.planFile}`}>
        {view.planText.split('\n').map((text, index) => (
          // A line is known by its place alone.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} data-level={byLine.get(index + 1)?.[0]?.level}>
            <code>{text === '' ? ' ' : text}</code>
            {byLine.get(index + 1)?.map(({ rule, message }) => (
              <span key={rule + message} className={classes['mark']}>
                {rule}: <Said text={message} />
              </span>
            ))}
          </li>
        ))}
      </ol>
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
