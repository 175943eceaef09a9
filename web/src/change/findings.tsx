import type { Finding } from './plan-steps.ts';
import { Badge } from '../parts/badge.tsx';
import { Said } from '../parts/said.tsx';
import classes from './plan.module.css';

/** What the linter says of one thing: what is wrong, and what to do about it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={classes['marks']} aria-label="What the linter says of it">
      {findings.map((finding) => (
        <li
          key={`${finding.rule} ${finding.file} ${finding.line}:${finding.column} ${finding.message}`}
          data-level={finding.level}
        >
          <Badge tone={finding.level === 'error' ? 'stop' : 'warn'}>
            {finding.excepted ? 'excepted' : finding.level}
          </Badge>{' '}
          <Said text={finding.message.replace(/[.;]?$/, '.')} />{' '}
          <span className="quiet">
            <Said text={finding.fix} /> <code>{finding.rule}</code>, {finding.file} line {finding.line}
          </span>
        </li>
      ))}
    </ul>
  );
}
