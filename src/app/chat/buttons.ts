import { APPROVER_ROLES, type ApproverRole } from '../../kernel/policy/facts.ts';
import type { PolicyInForce } from '../context.ts';
import { capacitiesFor } from '../change/words-asked.ts';
import type { ChatEffect } from '../outside/chat-text.ts';
import type { ChatButton } from '../ports/connection.ts';

/** What a press asks for: a word on what its message showed, or that it be stopped. */
export type ChatAct =
  | {
      readonly kind: 'approve';
      readonly as: ApproverRole;
      readonly for: 'plan' | 'start';
      readonly digest: string;
    }
  | { readonly kind: 'veto' };

/** What a message showed to whoever presses something under it. */
export interface Shown {
  readonly changeId: string;
  readonly digest: string;
  readonly for: 'plan' | 'start';
}

/** The plan that a message shows for a word on it; `null` where it asks for none. */
export function shownBy(what: ChatEffect): Shown | null {
  if (what.topic === 'announce') {
    const { changeId, digest } = what.payload;
    return { changeId, digest, for: 'start' };
  }
  const review = what.topic === 'chat' ? what.payload.review : undefined;
  return review ? { ...review, for: 'plan' } : null;
}

/** What can be pressed under a message: one button for each capacity whose word would count, and the veto. */
export function buttonsFor(
  what: ChatEffect,
  { policy }: Pick<PolicyInForce, 'policy'>,
): readonly ChatButton[] {
  const shown = shownBy(what);
  if (shown === null) return [];
  const approve = capacitiesFor(shown.for, policy).map((as) => ({
    act: `approve ${shown.for} ${as} ${shown.digest}`,
    text: `Approve the ${shown.for} as ${TITLES[as]}`,
    stops: false,
  }));
  return [...approve, { act: 'veto', text: 'Veto', stops: true }];
}

/** A press, read back; `null` where it is none of ours. */
export function readAct(act: string): ChatAct | null {
  if (act === 'veto') return { kind: 'veto' };
  const [verb, subject, as, digest = '', ...more] = act.split(' ');
  const known = APPROVER_ROLES.find((one) => one === as);
  if (verb !== 'approve' || known === undefined || more.length > 0) return null;
  return subject === 'plan' || subject === 'start'
    ? { kind: 'approve', as: known, for: subject, digest }
    : null;
}

export const TITLES: Readonly<Record<ApproverRole, string>> = {
  eoc: 'EOC',
  imoc: 'IMOC',
  reviewer: 'reviewer',
  management: 'management',
  director: 'Director of Reliability',
  vpe: 'VPE',
};
