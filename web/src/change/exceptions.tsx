import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { ruleTitle } from '../../../src/kernel/policy/rule-titles.ts';
import { Act } from '../parts/act.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { WithdrawException } from './withdraw-act.tsx';
import rows from '../parts/rows.module.css';

type Exception = ChangeView['exceptions'][number];

interface ExceptionsProps {
  readonly view: ChangeView;
  /** Why whoever looks may not ask for one, or `null`. */
  readonly blocked: string | null;
}

/** The rules that it asks to be let off, each with why and with the reviewer who agreed. */
export function Exceptions({ view, blocked }: ExceptionsProps) {
  return (
    <Section title="Exceptions" aside={<Ask view={view} blocked={blocked} />}>
      {view.exceptions.length === 0 ? (
        <Empty title="It asks for no exception." />
      ) : (
        <ul className={rows['rows']}>
          {view.exceptions.map((one) => (
            <li key={one.id}>
              <OneException view={view} exception={one} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** For a rule that refuses now; whether the policy knows an exception to it is the server's to say. */
function Ask({ view, blocked }: ExceptionsProps) {
  const rules = (view.verdict?.decision.verdicts ?? [])
    .filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown')
    .map(({ rule }) => rule);
  const [chosen, setChosen] = useState<string | null>(null);
  const rule = rules.find((one) => one === chosen) ?? rules[0] ?? '';
  return (
    <Act
      label="Ask for an exception"
      object={view.id}
      size="xs"
      variant="default"
      weight="words"
      reason="over"
      blocked={blocked ?? (rules.length === 0 ? 'No rule refuses: there is nothing to be let off.' : null)}
      says="A reviewer who wrote neither it nor the plan has to agree. It is for the plan as it is now."
      fields={
        <NativeSelect
          mt="sm"
          label="Rule"
          data={rules.map((one) => ({ value: one, label: `${ruleTitle(one) ?? 'Rule'} (${one})` }))}
          value={rule}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      }
      act={(reason) => send('POST', `/changes/${view.id}/exceptions`, { rule, reason })}
    />
  );
}

function OneException({ view, exception }: { readonly view: ChangeView; readonly exception: Exception }) {
  const me = useQuery(askMe).data?.name;
  const { id, rule, reason, by, askedAt, approvedBy, approvedAt, withdrawn, current, voided } = exception;
  const isOwn = me !== undefined && (me === by || me === approvedBy);
  return (
    <>
      <div className={rows['line']}>
        <span className={rows['title']}>
          <RuleName rule={rule} />: <Said text={reason} />
        </span>
        <Badge tone={approvedBy !== null && current ? 'go' : 'quiet'}>{stateOf(exception)}</Badge>
      </div>
      <div className={rows['more']}>
        by {by}, <Instant at={askedAt} />
        {approvedBy !== null && `; approved by ${approvedBy}`}
        {approvedAt !== null && (
          <>
            , <Instant at={approvedAt} />
          </>
        )}
        {withdrawn && (
          <>
            ; withdrawn by {withdrawn.by}, <Instant at={withdrawn.at} />: {withdrawn.because}
          </>
        )}
        {voided && `; voided by ${voided.by}, who edited what it rests on`}
      </div>
      {approvedBy === null && current && <Agree view={view} id={id} rule={rule} reason={reason} by={by} />}
      {isOwn && current && <WithdrawException change={view.id} exception={id} />}
    </>
  );
}

function stateOf({ approvedBy, withdrawn, current }: Exception): string {
  if (withdrawn !== null) return 'withdrawn';
  if (!current) return 'void';
  return approvedBy === null ? 'asked for' : 'approved';
}

interface AgreeProps extends Pick<Exception, 'id' | 'rule' | 'reason' | 'by'> {
  readonly view: ChangeView;
}

function Agree({ view, id, rule, reason, by }: AgreeProps) {
  const me = useQuery(askMe).data;
  const whyNot = () => {
    if (me === undefined) return 'The server is being asked.';
    if (!me.roles.includes('reviewer')) return `expected a reviewer, got \`${me.name}\``;
    if (me.name === by || me.name === view.author)
      return 'expected somebody who wrote neither it nor the plan';
    return null;
  };
  return (
    <Act
      label="Approve the exception"
      object={view.id}
      size="xs"
      weight="press"
      blocked={whyNot()}
      says={
        <>
          <RuleName rule={rule} /> does not hold this plan back any more: <Said text={reason} />
        </>
      }
      act={() =>
        send('POST', `/changes/${view.id}/exceptions/approve`, { exception: id, digest: view.digest })
      }
    />
  );
}
