import path from 'node:path';
import type { Interlock, Ran } from './interlock.ts';
import { castText, type Cast, type PersonName } from './people.ts';
import type { Production } from './production/production.ts';
import { bad, bold, chapter, good, quiet, show, tell } from './tell.ts';

const PLANS = 'demo/plan';
const SLOT_MINUTES = 30;
const SLOT_AHEAD_MS = 8_000;
const REFUSED = 2;
/** What a run says where it waits for a word, and not for the metrics alone. */
const HELD_FOR_A_PERSON = 'held, waits for a person';
const LOOK_AGAIN_MS = 10_000;
const MOST_LOOKS = 5;
/** Five samples of everything, and the Watchdog's way to Alertmanager. */
const PROOF_LIMIT_MS = 60_000;

/** What the story is told with. */
export interface Stage {
  readonly interlock: Interlock;
  readonly cast: Cast;
  readonly production: Production;
}

type Speaker = (who: PersonName, args: readonly string[]) => Promise<Ran>;

/** The story: one change through its whole life, then one that dead metrics stop. */
export async function tellStory(stage: Stage): Promise<void> {
  tell(`Its people: ${castText()}.`);
  await firstChange(stage);
  await verifyLedger(stage);
  await secondChange(stage);
  await verifyLedger(stage);
}

/** Shows a command as it would be typed, runs it, and ends the demo if it failed unexpectedly. */
function speaker({ interlock, cast }: Stage, place: 'desk' | 'bastion' = 'desk'): Speaker {
  return async (who, args) => {
    const shown = args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ');
    tell(`${bold(who)}${place === 'bastion' ? quiet('@bastion-1') : ''} $ interlock ${shown}`);
    const env = place === 'bastion' ? cast.onBastion(who) : cast.as(who);
    return interlock.run(env, args, place === 'bastion' ? (line) => show(line) : undefined);
  };
}

function expectDone(ran: Ran): Ran {
  if (ran.status === 0) return ran;
  throw new Error(`the demo expected this to be done, got exit status ${ran.status}:\n${ran.output}`);
}

/** Opens a plan and gives the id of its change. */
async function open(say: Speaker, plan: string): Promise<string> {
  show(expectDone(await say('ana', ['plan', 'lint', path.join(PLANS, plan)])).output);
  const opened = expectDone(await say('ana', ['change', 'open', path.join(PLANS, plan)]));
  const [id] = /CHG-\d+/.exec(opened.output) ?? [];
  if (id === undefined) throw new Error(`expected the id of a change, got:\n${opened.output}`);
  show(opened.output);
  return id;
}

async function firstChange(stage: Stage): Promise<void> {
  const say = speaker(stage);
  const onBastion = speaker(stage, 'bastion');
  chapter('A plan is checked and filed');
  const id = await open(say, 'raise-work-mem.yaml');

  chapter('It is rehearsed and reviewed');
  expectDone(await onBastion('ben', ['dry-run', id]));
  expectDone(await say('rhea', ['approve', id, '--as', 'reviewer']));
  const slot = await scheduleOrSayWhyNot(stage, id);

  chapter('Its start is announced, and approved by the engineer on call in both places');
  expectDone(await say('ben', ['announce', id]));
  for (const door of ['issue', 'chat']) {
    expectDone(await say('cora', ['approve', id, '--as', 'eoc', '--for', 'start', '--on', door]));
  }
  await untilInstant(slot.start);

  chapter('It runs on the bastion, in tmux, asked anew before every step');
  expectDone(await runWithPatience(stage, id));
  tell(good(`${id} is complete: the setting was changed, read back, and watched.`));
}

/**
 * Runs a change on the bastion. On a busy machine the shop is slow or silent for a moment, and the run is held until a person
 * says that it may go on. Its executor looks again, some times; what is still held then is given up, so that the demo ends.
 */
export async function runWithPatience(
  { interlock, cast }: { readonly interlock: Pick<Interlock, 'run'>; readonly cast: Cast },
  id: string,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<Ran> {
  tell(`${bold('ben')}${quiet('@bastion-1')} $ interlock run ${id}`);
  let holds = 0;
  let answering = Promise.resolve();
  const answerHold = async (hold: number) => {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    const act = hold > MOST_LOOKS ? 'abort' : 'resume';
    const because = hold > MOST_LOOKS ? 'it is held again and again' : 'looked again: this machine was busy';
    tell(`${bold('ben')} $ interlock ${act} ${id} --because '${because}'`);
    await interlock.run(cast.as('ben'), [act, id, '--because', because]);
  };
  const ran = await interlock.run(cast.onBastion('ben'), ['run', id], (line) => {
    show(line);
    if (!line.includes(HELD_FOR_A_PERSON)) return;
    holds += 1;
    const hold = holds;
    answering = answering.then(() => answerHold(hold));
  });
  await answering;
  return ran;
}

/** A slot that begins in a moment, so that the story need not wait for the night; later each time that was too soon. */
function nextSlot(attempt: number) {
  const start = new Date(Date.now() + SLOT_AHEAD_MS * (attempt + 1));
  return { start, end: new Date(start.getTime() + SLOT_MINUTES * 60_000) };
}

/**
 * Schedules the change. Where its hours or a lock say no, the refusal is shown as it is, and what the policy allows is used:
 * an exception that a reviewer approves, a lock exemption by EOC and IMOC together.
 */
async function scheduleOrSayWhyNot(stage: Stage, id: string) {
  const say = speaker(stage);
  chapter('It gets a slot');
  let slot = nextSlot(0);
  const asSlot = () => ['--start', slot.start.toISOString(), '--end', slot.end.toISOString()];
  // The engineer on call reviews a plan for a slot: it is pencilled in first.
  const pencilIn = async () => {
    expectDone(await say('ana', ['schedule', id, ...asSlot(), '--tentative']));
    expectDone(await say('cora', ['approve', id, '--as', 'eoc']));
  };
  await pencilIn();
  let ran = await say('ana', ['schedule', id, ...asSlot()]);
  const refusing = new Set<string>();
  for (let attempt = 1; ran.status === REFUSED && attempt < 4; attempt += 1) {
    show(ran.output);
    for (const rule of ['allowed-hours', 'soft-lock']) if (ran.output.includes(rule)) refusing.add(rule);
    const why =
      refusing.size > 0 ? 'Refused, as it should be at this hour.' : 'Refused: it would have begun already.';
    tell(`${bad(why)} ${refusing.size > 0 ? 'What the policy allows is used:' : 'A later slot is taken:'}`);
    slot = nextSlot(attempt);
    await pencilIn();
    await useWhatThePolicyAllows(say, id, refusing);
    ran = await say('ana', ['schedule', id, ...asSlot()]);
  }
  show(expectDone(ran).output);
  return slot;
}

/** A waiver is for one slot: another one asks for it anew. */
async function useWhatThePolicyAllows(
  say: Speaker,
  id: string,
  refusing: ReadonlySet<string>,
): Promise<void> {
  if (refusing.has('allowed-hours')) {
    const reason = 'a demonstration by day; nobody else uses this production';
    expectDone(await say('ana', ['exception', 'ask', id, 'allowed-hours', '--reason', reason]));
    expectDone(await say('rhea', ['exception', 'approve', id, 'allowed-hours']));
  }
  if (refusing.has('soft-lock')) {
    for (const [who, capacity] of [
      ['cora', 'eoc'],
      ['ira', 'imoc'],
    ] as const) {
      expectDone(await say(who, ['approve', id, '--as', capacity, '--for', 'lock:release-day']));
    }
  }
}

async function untilInstant(instant: Date): Promise<void> {
  const waitMs = instant.getTime() - Date.now();
  if (waitMs <= 0) return;
  tell(quiet(`waiting ${Math.ceil(waitMs / 1000)} s for the slot to begin`));
  await new Promise((resolve) => setTimeout(resolve, waitMs + 100));
}

async function verifyLedger(stage: Stage): Promise<void> {
  chapter('The record is recomputed');
  show(expectDone(await speaker(stage)('ana', ['ledger', 'verify'])).output);
}

async function secondChange(stage: Stage): Promise<void> {
  const say = speaker(stage);
  const onBastion = speaker(stage, 'bastion');
  const { monitoring } = stage.production;
  chapter('No metrics, no changes');
  const id = await open(say, 'reset-work-mem.yaml');
  expectDone(await onBastion('ben', ['dry-run', id]));
  expectDone(await say('ana', ['schedule', id]));
  tell('Prometheus is stopped, for real.');
  await monitoring.stopPrometheus();
  const refused = await onBastion('ben', ['run', id]);
  if (refused.status !== REFUSED)
    throw new Error(`expected a refusal, got exit status ${refused.status}:\n${refused.output}`);
  tell(bad('Refused: what cannot be watched is not changed.'));

  tell('Prometheus is started again; it has to prove that it lives.');
  await monitoring.startPrometheus();
  await untilProven(stage, { change: id, action: 'start' });
  expectDone(await runWithPatience(stage, id));
  tell(good(`${id} is complete.`));
}

/** Waits until monitoring is proven alive: asks as a pipeline would, until `metrics-available` no longer refuses. */
export async function untilProven(
  { interlock, cast }: Pick<Stage, 'interlock' | 'cast'>,
  question: Readonly<Record<string, unknown>>,
): Promise<void> {
  const deadline = Date.now() + PROOF_LIMIT_MS;
  for (;;) {
    const answer = await interlock.ask(
      cast.as('ben')['INTERLOCK_TOKEN'] ?? '',
      'POST',
      '/decisions',
      question,
    );
    const { verdicts } = answer as { verdicts: { rule: string; verdict: string; because: string }[] };
    const proof = verdicts.find(({ rule }) => rule === 'metrics-available');
    if (proof?.verdict === 'pass') return;
    if (Date.now() > deadline) {
      throw new Error(
        `expected monitoring to be proven alive within ${PROOF_LIMIT_MS / 1000} s: ${proof?.because ?? 'not asked'}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
