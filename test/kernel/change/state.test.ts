import { describe, expect, it } from 'vitest';
import {
  CHANGE_STATES,
  labelOf,
  stateAfter,
  TRANSITIONS,
  type ChangeState,
  type Transition,
} from '../../../src/kernel/change/state.ts';

/** The whole table: for each state, where each transition leads; what is not written does not begin there. */
const TABLE: Readonly<Record<ChangeState, Partial<Record<Transition, ChangeState>>>> = {
  draft: { submit: 'unscheduled', cancel: 'cancelled' },
  unscheduled: {
    schedule: 'scheduled',
    start: 'in-progress',
    reject: 'rejected',
    cancel: 'cancelled',
  },
  scheduled: {
    schedule: 'scheduled',
    unschedule: 'unscheduled',
    start: 'in-progress',
    reject: 'rejected',
    cancel: 'cancelled',
  },
  'in-progress': { complete: 'complete', abort: 'aborted' },
  complete: {},
  aborted: {},
  rejected: {},
  cancelled: {},
};
const transitions = Object.keys(TRANSITIONS) as Transition[];

describe.each(CHANGE_STATES)('a change that is %s', (state) => {
  it.each(transitions)('goes where the table says: %s', (transition) => {
    expect(stateAfter(state, transition)).toBe(TABLE[state][transition] ?? null);
  });

  it('has its label in the tracker', () => expect(labelOf(state)).toBe(`change::${state}`));
});
