import { describe, expect, it } from 'vitest';
import { nextWant } from '../../../src/kernel/run/next.ts';
import { segmentsOf } from '../../../src/kernel/run/outline.ts';
import { mayHaveActed, pastNoReturn, rollbackOrder } from '../../../src/kernel/run/rollback.ts';
import { outline, record, running, step, undoing } from './outline.ts';

const THREE = outline([step('a'), step('b'), step('c')]);
const done = (position: number) => record('steps', position, { state: 'succeeded', attempts: 1 });

describe('what a run wants next', () => {
  it.each([
    ['pre-flight first', running(THREE, [], { phase: 'preflight', preflight: 'due' }), { kind: 'preflight' }],
    ['the first step', running(THREE), { kind: 'step', list: 'steps', position: 0, segment: 0 }],
    ['the second', running(THREE, [done(0)]), { kind: 'step', list: 'steps', position: 1, segment: 1 }],
    ['the checks after all', running(THREE, [done(0), done(1), done(2)]), { kind: 'postchecks' }],
    [
      'to complete once they passed',
      running(THREE, [done(0), done(1), done(2)], { phase: 'postchecks', postchecks: 'passed' }),
      { kind: 'complete' },
    ],
    [
      'to measure them again, not to complete, while they failed',
      running(THREE, [done(0), done(1), done(2)], { phase: 'postchecks', postchecks: 'failed' }),
      { kind: 'postchecks' },
    ],
    [
      'to wait for a step that was granted',
      running(THREE, [record('steps', 0, { state: 'granted' })]),
      { kind: 'wait', list: 'steps', position: 0 },
    ],
    [
      'nothing while a step is unknown',
      running(THREE, [record('steps', 1, { state: 'unknown' }), done(0)]),
      { kind: 'stuck', list: 'steps', position: 1 },
    ],
    [
      'nothing after a step that failed',
      running(THREE, [record('steps', 0, { state: 'failed', failedAt: 'command' })]),
      { kind: 'stuck', list: 'steps', position: 0 },
    ],
    [
      'a step again that a person let be tried again',
      running(THREE, [record('steps', 0, { state: 'failed', failedAt: 'command', retry: true })]),
      { kind: 'step', list: 'steps', position: 0, segment: 0 },
    ],
    [
      'the checks of a step that was settled as happened',
      running(THREE, [record('steps', 0, { state: 'succeeded', recheck: true })]),
      { kind: 'recheck', list: 'steps', position: 0 },
    ],
    [
      'pre-flight again where it is due',
      running(THREE, [done(0)], { preflight: 'due' }),
      { kind: 'preflight' },
    ],
    [
      'the end after pre-flight that failed before anything was executed',
      running(THREE, [], { phase: 'preflight', preflight: 'failed' }),
      { kind: 'end', state: 'failed' },
    ],
  ])('%s', (_, run, want) => {
    expect(nextWant(THREE, run)).toEqual(want);
  });

  it('a probe once, where the step has one', () => {
    const probing = outline([step('a', { hasProbe: true })]);
    const unknown = record('steps', 0, { state: 'unknown' });
    expect(nextWant(probing, running(probing, [unknown])).kind).toBe('probe');
    expect(nextWant(probing, running(probing, [{ ...unknown, probed: true }])).kind).toBe('stuck');
  });
});

describe('segments', () => {
  it('end where the change may rest', () => {
    const plan = outline([
      step('a', { safeStop: false }),
      step('b'),
      step('c'),
      step('d', { safeStop: false }),
    ]);
    expect(segmentsOf(plan, 'steps')).toEqual([0, 0, 1, 2]);
  });

  it('of a rollback are its steps: it may stop anywhere', () => {
    const plan = outline([step('a')], { rollback: [{ ...undoing('x'), safeStop: false }, undoing('y')] });
    expect(segmentsOf(plan, 'rollback')).toEqual([0, 1]);
  });
});

describe('the rollback', () => {
  const UNDO = outline(
    [
      step('a', { undo: { step: 'undo a' } }),
      step('b', { undo: { step: 'undo b' } }),
      step('c', { undo: { nothing: 'it reads' } }),
      step('d', { undo: { step: 'undo b' } }),
    ],
    { rollback: [undoing('undo a'), undoing('undo b')] },
  );

  it('undoes the last first, and what two steps share once', () => {
    const all = running(UNDO, [0, 1, 2, 3].map(done), { phase: 'rollback' });
    expect(rollbackOrder(UNDO, all)).toEqual([1, 0]);
    expect(nextWant(UNDO, all)).toMatchObject({ kind: 'step', list: 'rollback', position: 1 });
  });

  it('ends when everything is undone', () => {
    const undone = [0, 1].map((position) => record('rollback', position, { state: 'succeeded' }));
    const run = running(UNDO, [done(0), done(1), ...undone], { phase: 'rollback' });
    expect(nextWant(UNDO, run)).toEqual({ kind: 'end', state: 'rolled-back' });
  });

  it.each([
    ['was never begun', record('steps', 0), false],
    ['was begun', record('steps', 0, { state: 'running' }), true],
    ['succeeded', done(0), true],
    ['is unknown', record('steps', 0, { state: 'unknown' }), true],
    ['failed half way', record('steps', 0, { state: 'failed', failedAt: 'command' }), true],
    ['was cancelled', record('steps', 0, { state: 'cancelled', failedAt: 'command' }), true],
    ['failed its check after', record('steps', 0, { state: 'failed', failedAt: 'after' }), true],
    ['failed its check before', record('steps', 0, { state: 'failed', failedAt: 'before' }), false],
    ['could not be begun', record('steps', 0, { state: 'failed', failedAt: 'spawn' }), false],
    [
      'is proven not to have happened',
      record('steps', 0, { state: 'failed', failedAt: 'command', settlement: 'did-not-happen' }),
      false,
    ],
    [
      'is undetermined',
      record('steps', 0, { state: 'failed', failedAt: 'command', settlement: 'undetermined' }),
      true,
    ],
  ])('of a step that %s', (_, of, acted) => {
    expect(mayHaveActed(of)).toBe(acted);
    expect(rollbackOrder(UNDO, running(UNDO, [of]))).toEqual(acted ? [0] : []);
  });

  it('is not possible once the point of no return may have been passed', () => {
    const plan = { ...UNDO, pointOfNoReturn: { after: 'b', reason: 'the data is gone' } };
    expect(pastNoReturn(plan, running(plan, [done(0)]))).toBeNull();
    expect(pastNoReturn(plan, running(plan, [done(0), record('steps', 1, { state: 'unknown' })]))).toContain(
      'gone',
    );
  });
});
