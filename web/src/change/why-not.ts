import { useQuery } from '@tanstack/react-query';
import type { ChangeAct } from '../../../src/kernel/change/capability.ts';
import { askActs } from '../server/questions.ts';

/** Why whoever looks may not do something with a request now, or `null`: as the server says. */
export function useWhyNot(id: string): (act: ChangeAct) => string | null {
  const acts = useQuery(askActs(id)).data?.acts;
  return (act) =>
    acts === undefined ? 'The server is being asked.' : (acts.find((one) => one.act === act)?.whyNot ?? null);
}
