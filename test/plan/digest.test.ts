import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { planFile, type Plan } from '../../src/contract/plan.ts';
import { PLAN_PARTS } from '../../src/kernel/change/part.ts';
import { changedParts, digestPlan, PART_OF_FIELD } from '../../src/plan/digest.ts';
import { type Edit, planOf, planText, sha256 } from './sound-plan.ts';

const digestOf = (text: string) => digestPlan(planOf(text).plan, sha256);
const sound = digestOf(planText());
const partsChangedBy = (edit: Edit) => changedParts(sound, digestOf(planText(edit)));

/** The same mapping, its keys in another order at every depth. */
function shuffled(value: unknown, order: (length: number) => number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item, order)] as const);
  return Object.fromEntries(order(entries.length).map((index) => entries[index] as [string, unknown]));
}

const written: unknown = (await import('yaml')).parse(planText());

describe('what means the same has the same digest', () => {
  test('the order of keys, at any depth, whatever the style of YAML', () => {
    const styles = fc.record({
      seed: fc.integer(),
      indent: fc.constantFrom(2, 4),
      defaultStringType: fc.constantFrom(
        'PLAIN',
        'QUOTE_SINGLE',
        'QUOTE_DOUBLE',
        'BLOCK_FOLDED',
        'BLOCK_LITERAL',
      ),
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      lineWidth: fc.constantFrom(0, 40, 120),
    } as const);
    fc.assert(
      fc.property(styles, ({ seed, ...style }) => {
        const order = (length: number) => {
          const indexes = Array.from({ length }, (_, index) => index);
          return indexes.toSorted((a, b) => Math.sin(seed + a * 7919) - Math.sin(seed + b * 7919));
        };
        const text = stringify(shuffled(written, order), style);
        expect(digestOf(text)).toEqual(sound);
      }),
      { numRuns: 60 },
    );
  });

  test('comments and empty lines, anywhere between lines', () => {
    const lines = planText().split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length), fc.constantFrom('# as discussed', '', '    # TODO: none')), {
          maxLength: 20,
        }),
        (inserted) => {
          const text = lines.flatMap((line, i) => [
            ...inserted.filter(([at]) => at === i).map(([, extra]) => extra),
            line,
          ]);
          expect(digestOf(text.join('\n')).digest).toBe(sound.digest);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each<readonly [string, Edit]>([
    ['the title', { set: { title: 'Something else' } }],
    ['the description', { set: { description: 'More words.' } }],
    ['who wrote it', { remove: ['author'] }],
    ['who reviews', { set: { reviewers: ['rolf'] } }],
    ['the proposed slot', { remove: ['slot'] }],
    ['the unit of a duration', { set: { 'steps.0.timeout': '600 s' } }],
    ['a default that is written out', { set: { 'steps.0.idempotent': false, deployment: null } }],
    [
      'white space around a text',
      {
        set: { impact: ' New connections and queries sort with up to 8 MB each. No connection is closed. ' },
      },
    ],
    ['the order of the team', { set: { team: ['ben', 'ana'] } }],
  ])('%s', (_, edit) => {
    expect(partsChangedBy(edit)).toEqual([]);
    expect(digestOf(planText(edit)).digest).toBe(sound.digest);
  });
});

test.each(['services', 'topics', 'team'])('the order of the %s means nothing', (field) => {
  const [one, other] = [
    ['ana', 'ben'],
    ['ben', 'ana'],
  ].map((list) => digestOf(planText({ set: { [field]: list } })));
  expect(one).toEqual(other);
});

describe('a material edit changes the digest, and that of its part alone', () => {
  test.each<readonly [string, Edit, string]>([
    ['an argument', { set: { 'steps.0.command.4': '16MB' } }, 'steps'],
    [
      'the order of arguments',
      { set: { 'steps.0.command': ['pg-set', 'db-02', '--host', 'work_mem', '8MB'] } },
      'steps',
    ],
    ['white space in an argument', { set: { 'steps.0.command.4': ' 8MB' } }, 'steps'],
    ['the digest of a script', { set: { 'steps.2.script.sha256': 'a'.repeat(64) } }, 'steps'],
    ['the path of a script', { set: { 'steps.2.script.path': 'other.sh' } }, 'steps'],
    ['the arguments of a dry run', { set: { 'steps.2.script.dryRun': [] } }, 'steps'],
    ['no dry run', { remove: ['steps.2.script.dryRun'] }, 'steps'],
    ['a variable', { set: { 'steps.0.env': { LANG: 'C' } } }, 'steps'],
    ['a variable that may be seen', { set: { 'steps.2.passEnv': [] } }, 'steps'],
    ['a wait', { set: { 'steps.1.wait': '4 min' } }, 'steps'],
    ['a name of a step', { set: { 'steps.1.name': 'let it work' } }, 'steps'],
    ['an estimate of a step', { set: { 'steps.1.estimate': '4 min' } }, 'steps'],
    ['a timeout', { set: { 'steps.1.timeout': '7 min' } }, 'steps'],
    ['a check after a step', { set: { 'steps.0.after.0.expect.equals': '16MB' } }, 'steps'],
    ['a safe place to stop', { set: { 'steps.0.safeStop': false } }, 'steps'],
    ['the cancel action', { remove: ['steps.0.onCancel'] }, 'steps'],
    ['what undoes a step', { set: { 'steps.0.undo': { nothing: 'It is rebuilt.' } } }, 'steps'],
    ['a step less', { remove: ['steps.1'] }, 'steps'],
    ['the type of a value', { set: { 'preflight.0.expect.equals': 4 } }, 'checks'],
    ['a pre-flight check', { set: { 'preflight.0.targets': ['db-01'] } }, 'checks'],
    ['a corrective action', { set: { 'preflight.0.corrective': ['pg-reset'] } }, 'checks'],
    ['a post-check', { set: { 'postchecks.1.expect.atMost': 0.02 } }, 'checks'],
    ['a query', { set: { 'postchecks.1.prometheus.query': 'up' } }, 'checks'],
    ['a limit of a check', { set: { 'postchecks.1.prometheus.failureLimit': 1 } }, 'checks'],
    ['what lists the targets', { set: { targetsFrom: { command: ['list'], type: 'host' } } }, 'targets'],
    ['a target', { set: { 'targets.1.type': 'replica' } }, 'targets'],
    [
      'the order of the targets',
      {
        set: {
          targets: [
            { name: 'db-02', type: 'host' },
            { name: 'db-01', type: 'host' },
          ],
        },
      },
      'targets',
    ],
    ['an assumption', { remove: ['assumptions.1'] }, 'assumptions'],
    ['a rollback step', { set: { 'rollback.steps.1.command.4': '2MB' } }, 'rollback'],
    [
      'a point of no return',
      { set: { 'rollback.pointOfNoReturn': { after: 'set work_mem on the primary', reason: 'x' } } },
      'rollback',
    ],
    [
      'what means roll back',
      { set: { 'rollback.triggers': [{ say: 'It fails.', postcheck: 'both databases answer' }] } },
      'rollback',
    ],
    [
      'a delayed check',
      {
        set: { watching: { for: '1 h', checks: [{ name: 'x', after: '1 h', tcp: { host: 'a', port: 1 } }] } },
      },
      'checks',
    ],
    ['a watched metric', { set: { 'watch.0.rollBackWhen.above': 0.03 } }, 'watch'],
    ['where it is drawn', { set: { 'watch.0.graph': 'elsewhere' } }, 'watch'],
    ['the environment', { set: { environment: 'ops.illumidesk.net' } }, 'classification'],
    ['a service', { set: { services: ['postgres', 'pgbouncer'] } }, 'classification'],
    ['a topic', { set: { topics: [] } }, 'classification'],
    ['the kind', { set: { kind: 'maintenance' } }, 'classification'],
    ['the stage of a deployment', { set: { deployment: 'canary' } }, 'classification'],
    ['the monthly release', { set: { monthlyRelease: true } }, 'classification'],
    ['the criticality', { set: { criticality: 'C3' } }, 'classification'],
    ['the severity', { set: { severity: 'S4' } }, 'classification'],
    ['the downtime', { set: { downtime: '1 min' } }, 'classification'],
    ['the incident that it resolves', { set: { resolvesIncident: 'INC-1' } }, 'classification'],
    ['the estimate', { set: { 'estimate.steps': '21 min' } }, 'estimate'],
    ['the team', { set: { team: ['ana', 'ben', 'rolf'] } }, 'people'],
    ['the executor', { set: { executor: 'ana' } }, 'people'],
    ['the EMOC', { set: { emoc: 'ira' } }, 'people'],
    ['the CMOC', { set: { cmoc: 'cleo' } }, 'people'],
    ['the bridge', { set: { bridge: 'https://meet.example.com/x' } }, 'people'],
    ['the objective', { set: { objective: 'Else.' } }, 'purpose'],
    ['the reason', { set: { reason: 'Else.' } }, 'purpose'],
    ['the impact', { set: { impact: 'Else.' } }, 'purpose'],
    ['where it was tested', { set: { testedBefore: 'Else.' } }, 'purpose'],
    ['what is told', { set: { 'communication.0.end': 'Done.' } }, 'communication'],
    ['an exception', { set: { exceptions: [{ rule: 'no-globs', reason: 'x' }] } }, 'exceptions'],
  ])('%s', (_, edit, part) => {
    expect(partsChangedBy(edit)).toEqual([part]);
    expect(digestOf(planText(edit)).digest).not.toBe(sound.digest);
  });
});

test('every field of a plan is in exactly one part, or cosmetic', () => {
  expect(Object.keys(PART_OF_FIELD).toSorted()).toEqual(Object.keys(planFile.shape).toSorted());
  expect(new Set(Object.values(PART_OF_FIELD).filter((part) => part !== null))).toEqual(new Set(PLAN_PARTS));
});

test('any single change of a value anywhere in the material parts changes the digest', () => {
  const { plan } = planOf(planText());
  const leaves = leavesOf(plan).filter(([field]) => PART_OF_FIELD[field as keyof Plan] !== null);
  expect(leaves.length).toBeGreaterThan(150);
  for (const path of leaves) {
    const changed = structuredClone(plan);
    change(changed, path);
    expect([path.join('.'), digestPlan(changed, sha256).digest === sound.digest]).toEqual([
      path.join('.'),
      false,
    ]);
  }
});

function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function change(root: unknown, path: readonly string[]): void {
  let holder = root as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const value = holder[last];
  holder[last] =
    typeof value === 'number'
      ? value + 1
      : typeof value === 'boolean'
        ? !value
        : value === null
          ? 'x'
          : `${JSON.stringify(value)}x`;
}

test('the digest is what it was: a change of its making would void every approval there is', () => {
  expect(sound.digest).toBe('sha256:9c4cd2a4598dd147bc519cbae0e154eb7e14aa5e1ab2946e183984b932cf9389');
});
