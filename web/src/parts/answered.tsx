import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Waiting } from './empty.tsx';
import { Problem } from './problem.tsx';

interface AnsweredProps<T> {
  readonly query: UseQueryResult<T>;
  /** What stands there until the answer comes; rows of the usual height if absent. */
  readonly waiting?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** What a query answered. An answer that could not be had anew stays, with the reason above it. */
export function Answered<T>({ query, waiting = <Waiting />, children }: AnsweredProps<T>) {
  if (query.data === undefined) return query.isError ? <Problem error={query.error} /> : waiting;
  return (
    <>
      {query.isError && <Problem error={query.error} />}
      {children(query.data)}
    </>
  );
}
