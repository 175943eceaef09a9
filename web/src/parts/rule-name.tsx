import { ruleTitle } from '../../../src/kernel/policy/rule-titles.ts';
import { Badge, type Tone } from './badge.tsx';
import classes from './rule-name.module.css';

interface RuleNameProps {
  readonly rule: string;
  /** Of the verdict, where no word says it beside the name. */
  readonly tone?: Tone;
}

/** A rule as a person reads it: what it is about, then its id, small, by which the policy and the ledger know it. */
export function RuleName({ rule, tone }: RuleNameProps) {
  const title = ruleTitle(rule);
  const shown = title ?? <code>{rule}</code>;
  return (
    <span className={classes['rule']}>
      {tone ? <Badge tone={tone}>{shown}</Badge> : <span className={classes['title']}>{shown}</span>}
      {title !== null && (
        <>
          {' '}
          <code className={classes['id']}>{rule}</code>
        </>
      )}
    </span>
  );
}
