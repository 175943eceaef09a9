import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isMissing } from '../server/error-text.ts';
import { Answered } from './answered.tsx';
import { Empty } from './empty.tsx';
import { Page } from './page.tsx';
import { Problem } from './problem.tsx';

/** What a page is about, where it is looked for, and what else may be so where there is none. */
const KINDS = {
  change: {
    to: '/changes',
    name: 'Changes',
    hint: 'A request is never taken away: look for it among all of them.',
  },
  run: { to: '/runs', name: 'Runs', hint: 'What has ended is found on the page of its change.' },
  incident: { to: '/incidents', name: 'Incidents', hint: 'What is resolved is listed there too.' },
  lock: {
    to: '/locks',
    name: 'Locks',
    hint: 'A lock of the policy itself has no page; it stands among the locks.',
  },
  account: {
    to: '/people',
    name: 'People',
    hint: 'An account is known by its name as it was made, in small letters.',
  },
} as const;

interface SoughtProps<T> {
  readonly kind: keyof typeof KINDS;
  /** As the address of the page has it. */
  readonly id: string;
  readonly query: UseQueryResult<T>;
  readonly waiting?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** The page of one object: as it is drawn from the answer, or one that says that there is none and where to look. */
export function Sought<T>({ kind, id, query, ...rest }: SoughtProps<T>) {
  if (query.data !== undefined || !query.isError) return <Answered query={query} {...rest} />;
  if (isMissing(query.error)) return <Missing kind={kind} id={id} />;
  return (
    <Page title={id}>
      <Problem error={query.error} />
    </Page>
  );
}

export function Missing({ kind, id }: Pick<SoughtProps<unknown>, 'kind' | 'id'>) {
  const { to, name, hint } = KINDS[kind];
  return (
    <Page title={`No ${kind} ${id}`}>
      <Empty title={`There is no ${kind} \`${id}\`.`}>
        {hint} <Link to={to}>{name}</Link>
      </Empty>
    </Page>
  );
}
