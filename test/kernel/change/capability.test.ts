import { describe, expect, it } from 'vitest';
import { CHANGE_ACTS, whyNot, type ChangeAct, type Standing } from '../../../src/kernel/change/capability.ts';
import { CHANGE_STATES, type ChangeState } from '../../../src/kernel/change/state.ts';

const person = (name: string, more: Partial<Standing> = {}): Standing => ({
  person: name,
  isService: false,
  roles: [],
  onDuty: [],
  ...more,
});

const PEOPLE = {
  author: person('ana'),
  executor: person('ben'),
  'team member': person('tom'),
  reviewer: person('rhea', { roles: ['reviewer'] }),
  management: person('mona', { roles: ['management'] }),
  director: person('dirk', { roles: ['director'] }),
  EOC: person('cora', { onDuty: ['eoc'] }),
  IMOC: person('ira', { onDuty: ['imoc'] }),
  'service on duty': person('bot', { isService: true, onDuty: ['eoc'], roles: ['management'] }),
  anybody: person('zoe'),
} as const;
type Who = keyof typeof PEOPLE;

const OWNERS: readonly Who[] = ['author', 'executor', 'team member'];
const EVERYBODY = Object.keys(PEOPLE) as Who[];
const PERSONS = EVERYBODY.filter((who) => who !== 'service on duty');
const OPEN: readonly ChangeState[] = ['draft', 'unscheduled', 'scheduled'];
const LIVE: readonly ChangeState[] = [...OPEN, 'in-progress'];
const FILED: readonly ChangeState[] = ['unscheduled', 'scheduled'];

/** Who may, and in which states: nobody else, and nowhere else. */
const TABLE: Readonly<Record<ChangeAct, { who: readonly Who[]; states: readonly ChangeState[] }>> = {
  silence: { who: OWNERS, states: ['in-progress'] },
  edit: { who: OWNERS, states: OPEN },
  submit: { who: OWNERS, states: ['draft'] },
  clone: { who: EVERYBODY, states: CHANGE_STATES },
  // Whose own change it is cannot be told by the capability alone: the use case refuses its author.
  approve: { who: PERSONS, states: [...FILED, 'in-progress'] },
  schedule: { who: OWNERS, states: FILED },
  announce: { who: OWNERS, states: FILED },
  'claim-word': { who: OWNERS, states: FILED },
  discuss: { who: EVERYBODY, states: CHANGE_STATES },
  inform: { who: [...OWNERS, 'EOC', 'IMOC'], states: [...FILED, 'in-progress', 'complete', 'aborted'] },
  attach: { who: PERSONS, states: CHANGE_STATES },
  except: { who: OWNERS, states: OPEN },
  veto: { who: ['EOC'], states: LIVE },
  'dry-run': { who: OWNERS, states: OPEN },
  start: { who: ['executor'], states: FILED },
  reject: { who: ['management', 'director', 'EOC'], states: FILED },
  cancel: { who: OWNERS, states: OPEN },
};

describe.each(CHANGE_ACTS)('%s', (act) => {
  it.each(CHANGE_STATES)('is for those of the table alone, of a change that is %s', (state) => {
    const change = { state, author: 'ana', executor: 'ben', team: ['tom'] };
    const may = EVERYBODY.filter((who) => whyNot(act, PEOPLE[who], change) === null);
    expect(may).toEqual(
      TABLE[act].states.includes(state) ? EVERYBODY.filter((who) => TABLE[act].who.includes(who)) : [],
    );
  });

  it('says what was wanted and what was seen', () => {
    const change = { state: 'complete', author: 'ana', executor: 'ben', team: [] } as const;
    if (act === 'discuss' || act === 'clone' || act === 'attach' || act === 'inform') return;
    expect(whyNot(act, PEOPLE.author, change)).toMatch(
      /^expected a change that is .*, got one that is `complete`$/,
    );
  });
});

describe('an agent', () => {
  const hal = person('hal', { isService: true, agentOf: 'ana' });
  const change = { state: 'unscheduled', author: 'ana', executor: 'hal', team: ['hal'] } as const;

  const may = (state: ChangeState, more = {}) =>
    CHANGE_ACTS.filter((act) => whyNot(act, hal, { ...change, state, ...more }) === null);

  it('may what is listed for it, and nothing as a member of the team', () => {
    expect(may('draft')).toEqual(['edit', 'dry-run']);
    expect(may('unscheduled', { criticality: 'C4' })).toEqual(['dry-run', 'start']);
    for (const criticality of ['C1', 'C2', 'C3', undefined])
      expect(may('scheduled', { criticality })).toEqual(['dry-run']);
    for (const state of CHANGE_STATES.filter((one) => !OPEN.includes(one)))
      expect(may(state, { criticality: 'C4' })).toEqual([]);
  });

  it('of somebody else has nothing to do with it', () => {
    const others = { ...change, state: 'draft', author: 'ben', executor: 'ben' } as const;
    expect(CHANGE_ACTS.filter((act) => whyNot(act, hal, others) === null)).toEqual([]);
  });
});
