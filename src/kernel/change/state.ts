export const CHANGE_STATES = [
  'draft',
  'unscheduled',
  'scheduled',
  'in-progress',
  'complete',
  'aborted',
  'rejected',
  'cancelled',
] as const;
/** Where a request stands. `complete`, `aborted`, `rejected` and `cancelled` are ends: a retry is a new request. */
export type ChangeState = (typeof CHANGE_STATES)[number];

/** Where each transition may begin and where it leads. */
export const TRANSITIONS = {
  submit: { from: ['draft'], to: 'unscheduled' },
  schedule: { from: ['unscheduled', 'scheduled'], to: 'scheduled' },
  // An edit of what a slot was accepted for, or a slot that passed, takes the acceptance back.
  unschedule: { from: ['scheduled'], to: 'unscheduled' },
  // Whether an unscheduled one may start is the verdict's to say: a C4 needs no date, an emergency no calendar.
  start: { from: ['unscheduled', 'scheduled'], to: 'in-progress' },
  complete: { from: ['in-progress'], to: 'complete' },
  abort: { from: ['in-progress'], to: 'aborted' },
  reject: { from: ['unscheduled', 'scheduled'], to: 'rejected' },
  cancel: { from: ['draft', 'unscheduled', 'scheduled'], to: 'cancelled' },
} as const satisfies Record<string, { readonly from: readonly ChangeState[]; readonly to: ChangeState }>;
export type Transition = keyof typeof TRANSITIONS;

/** The state after a transition, or `null` where it cannot begin. */
export function stateAfter(state: ChangeState, transition: Transition): ChangeState | null {
  const { from, to } = TRANSITIONS[transition];
  return (from as readonly ChangeState[]).includes(state) ? to : null;
}

/** The label of the tracker: `change::unscheduled`. */
export function labelOf(state: ChangeState): `change::${ChangeState}` {
  return `change::${state}`;
}
