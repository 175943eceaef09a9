import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { sha256 } from '../src/cli/policy-source.ts';
import { parseFacts } from '../src/contract/facts.ts';
import { readPolicy } from '../src/documents/policy.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/kernel/calendar/hours.ts';
import { formatInstant } from '../src/kernel/calendar/instant.ts';
import { earliestOpening } from '../src/kernel/calendar/opening.ts';
import { spanList } from '../src/kernel/calendar/span.ts';
import { decide } from '../src/kernel/policy/decide.ts';
import type { Facts } from '../src/kernel/policy/facts.ts';
import type { Policy } from '../src/kernel/policy/policy.ts';
import { cedarCall } from './decide-cedar.ts';
import { jsonRulesCall } from './decide-json-rules.ts';
import type { Row } from './row.ts';

const ROUNDS = 15;
const ROUND_MS = 60;
/** Long enough for the compiler to be done with all three. */
const WARM_UP_MS = 800;

/** `decide` beside Cedar and json-rules-engine over ten comparable rules, and the search for an opening. */
export async function benchDecide(): Promise<Row[]> {
  const policy = await shippedPolicy();
  const facts = await busyFacts();
  const verdicts = decide(policy, facts);
  if (!verdicts.allowed)
    throw new Error(`expected the facts of the benchmark to be allowed, got \`${JSON.stringify(verdicts)}\``);
  const cedar = cedarCall();
  const jsonRules = jsonRulesCall();
  const rounds = { decide: [] as number[], cedar: [] as number[], jsonRules: [] as number[] };
  perCall(() => decide(policy, facts), WARM_UP_MS);
  perCall(cedar, WARM_UP_MS);
  await perAwaited(jsonRules, WARM_UP_MS);
  // Round by round beside each other, so that what else the machine does weighs on all of them alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.decide.push(perCall(() => decide(policy, facts)));
    rounds.cedar.push(perCall(cedar));
    rounds.jsonRules.push(await perAwaited(jsonRules));
  }
  return [...decideRows(rounds, verdicts.verdicts.length), openingRow(policy)];
}

function decideRows(rounds: Record<'decide' | 'cedar' | 'jsonRules', number[]>, rules: number): Row[] {
  const [own, cedar, jsonRules] = [median(rounds.decide), median(rounds.cedar), median(rounds.jsonRules)];
  const what = `decide, ${rules} verdicts explained, 1,000 locks, 300 shifts`;
  const ratios = (others: readonly number[]) =>
    median(others.map((other, round) => (rounds.decide[round] ?? Number.NaN) / other));
  return [
    {
      what,
      goal: 'at most 0.1 of a stateful Cedar call',
      measured: `${own.toFixed(1)} µs`,
      reference: `Cedar (wasm, stateful), ten rules: ${cedar.toFixed(1)} µs`,
      ratio: ratios(rounds.cedar).toFixed(3),
    },
    {
      what,
      goal: '–',
      measured: `${own.toFixed(1)} µs`,
      reference: `json-rules-engine, ten rules: ${jsonRules.toFixed(1)} µs`,
      ratio: ratios(rounds.jsonRules).toFixed(3),
    },
  ];
}

/** Microseconds of processor time for one call, over a round. */
function perCall(call: () => unknown, roundMs = ROUND_MS): number {
  const until = performance.now() + roundMs;
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() < until) {
    for (let repeat = 0; repeat < 100; repeat += 1) call();
    calls += 100;
  }
  return spent(before) / calls;
}

async function perAwaited(call: () => Promise<unknown>, roundMs = ROUND_MS): Promise<number> {
  const until = performance.now() + roundMs;
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() < until) {
    for (let repeat = 0; repeat < 100; repeat += 1) await call();
    calls += 100;
  }
  return spent(before) / calls;
}

function spent(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Bookings without a gap that is long enough, so that the whole of 400 days has to be looked through. */
function openingRow(policy: Policy): Row {
  const from = Date.UTC(2026, 10, 17);
  const every = (400 * DAY_MS) / 10_000;
  const bookings = spanList(
    Array.from({ length: 10_000 }, (_, index) => ({
      start: from + index * every,
      end: from + index * every + every - MINUTE_MS,
    })),
  );
  const locks = policy.locks.get('illumidesk.com');
  const blocked = [
    { list: bookings },
    ...(locks === undefined ? [] : [{ list: locks.soft }, { list: locks.hard }]),
  ];
  const search = {
    from,
    until: from + 401 * DAY_MS,
    lengthMs: 60 * MINUTE_MS,
    hours: policy.criticalities.C2.hours,
    blocked,
  };
  const found = earliestOpening(search);
  if (found === null || found < from + 399 * DAY_MS)
    throw new Error(`expected an opening after the last booking, got \`${String(found)}\``);
  const rounds = Array.from({ length: ROUNDS }, () => perCall(() => earliestOpening(search)));
  return {
    what: 'next opening over 400 days, 10,000 bookings, hours and locks',
    goal: 'at most 2 ms',
    measured: `${(median(rounds) / 1_000).toFixed(3)} ms`,
    reference: '–',
    ratio: '–',
  };
}

async function shippedPolicy(): Promise<Policy> {
  const file = 'policies/illumidesk.yaml';
  const read = readPolicy({ file, text: await readFile(file, 'utf8') }, sha256);
  if (!read.ok) throw new Error(`expected a policy, got \`${JSON.stringify(read.problems)}\``);
  return read.policy;
}

/** The start of a C1 change, as the cases have it, with many locks and shifts around it. */
async function busyFacts(): Promise<Facts> {
  const bases = parse(await readFile('policies/cases/bases.yaml', 'utf8'), {
    merge: true,
    maxAliasCount: 1_000,
  });
  const base = bases['c1-start'];
  const firstLock = Date.UTC(2026, 0, 1, 1);
  const firstShift = Date.UTC(2026, 9, 1, 6);
  const locks = Array.from({ length: 1_000 }, (_, index) => ({
    id: `L${index}`,
    kind: index % 2 === 0 ? 'hard' : 'soft',
    environments: [index % 3 === 0 ? 'ops.illumidesk.net' : 'illumidesk.com'],
    reason: 'summit',
    start: formatInstant(firstLock + index * 17 * HOUR_MS),
    end: formatInstant(firstLock + index * 17 * HOUR_MS + 6 * HOUR_MS),
  }));
  const eoc = Array.from({ length: 300 }, (_, index) => ({
    person: index % 2 === 0 ? 'cora' : 'carl',
    start: formatInstant(firstShift + index * 8 * HOUR_MS),
    end: formatInstant(firstShift + (index + 1) * 8 * HOUR_MS),
  }));
  const read = parseFacts({ ...base, locks, rota: { ...base.rota, eoc } });
  if (!read.ok) throw new Error(`expected facts, got \`${JSON.stringify(read.problems)}\``);
  return read.facts;
}
