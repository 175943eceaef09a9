import { rota } from '../contract/rota.ts';
import type { RunnerCharter } from '../contract/runs.ts';
import type { Keys } from '../runner/keys.ts';
import type { RunnerSetting, RunningRun } from '../runner/run.ts';

const WORD_MS = 5_000;
const DUTY_EVERY_MS = 60_000;
const BECAUSE = 'said at the terminal of the run';

/** The words that a key says once it was asked again. */
const ASKED_AGAIN = {
  g: { word: 'go-on', question: 'let the run go on? y: yes, any other key: no' },
  r: {
    word: 'roll-back',
    question: 'undo every step that may have acted, the last one first? y: yes, any other key: no',
  },
} as const;

/**
 * What the people at the terminal may say to a run: by keys, and by signals. The first Ctrl-C holds at the next safe place, the
 * second at once; a third, or being told to end, leaves the run held. Undone by the function that it answers.
 */
export function listenAtTerminal(
  setting: RunnerSetting & { readonly keys: Keys },
  charter: RunnerCharter,
  running: RunningRun,
): () => void {
  const { state } = running;
  const say = wordTo(setting, charter);
  let holds = 0;
  const hold = (now: boolean, because: string) => {
    setting.view.note(now ? '! hold at once' : '! hold at the next safe place to stop; again: at once');
    say('hold', { because, now });
  };
  const leave = (because: string) => {
    state.leaving = because;
    state.stop?.(because);
    hold(true, because);
  };
  const interrupted = 'interrupted at the terminal';
  const onInterrupt = () => {
    holds += 1;
    if (holds > 2) leave(interrupted);
    else hold(holds === 2, interrupted);
  };
  const onEnd = (signal: string) => leave(`the runner got ${signal}`);
  const onKey = keyTaker(setting, charter, {
    say,
    held: () => state.heard === 'held',
    hold: () => {
      holds = Math.min(2, holds + 1);
      hold(holds === 2, BECAUSE);
    },
  });
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onEnd);
  process.on('SIGHUP', onEnd);
  const deaf = setting.keys.listen(onKey);
  const duty = showDuty(setting);
  return () => {
    clearInterval(duty);
    deaf();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onEnd);
    process.off('SIGHUP', onEnd);
  };
}

interface Spoken {
  readonly say: (word: string, body: object) => void;
  readonly held: () => boolean;
  readonly hold: () => void;
}

/** What each key does. A key that would have the run go on, be undone or be given up is asked again first. */
function keyTaker(
  { view, prompt }: RunnerSetting,
  { run }: RunnerCharter,
  { say, held, hold }: Spoken,
): (key: string) => void {
  let asked: (typeof ASKED_AGAIN)[keyof typeof ASKED_AGAIN] | null = null;
  const giveUp = async () => {
    const question = `type ${run.change} to give it up as it stands; nothing is undone: `;
    const typed = await prompt(question, new AbortController().signal);
    if (typed?.trim() === run.change) say('abort', { because: BECAUSE });
    else view.note('not given up');
  };
  return (key) => {
    if (asked !== null) {
      if (key === 'y') say(asked.word, { because: BECAUSE });
      asked = null;
      view.question(null);
      return;
    }
    if (key === 'h') {
      if (!held()) hold();
      return;
    }
    if (key !== 'g' && key !== 'r' && key !== 'a') return;
    if (!held()) {
      view.note('! the run is not held: h holds it first');
      return;
    }
    if (key === 'a') return void giveUp();
    asked = ASKED_AGAIN[key];
    view.question(asked.question);
  };
}

/** Says a word about the run; why it was not taken is shown. */
function wordTo(
  { transport, view }: RunnerSetting,
  { run }: RunnerCharter,
): (word: string, body: object) => void {
  return (word, body) => {
    const path = `/api/v1/runs/${run.id}/${word}`;
    transport({ method: 'POST', path, body, timeoutMs: WORD_MS }).then(
      ({ status, body: answer }) => {
        if (status >= 300) view.note(`! ${messageOf(answer)}`);
      },
      () => view.note('! the server did not hear it'),
    );
  };
}

function messageOf(answer: unknown): string {
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : null;
  return typeof message === 'string' ? message : 'the server did not take it';
}

/** Asks now and then who is on duty; where no answer comes the last one stays. */
function showDuty({ transport, view }: RunnerSetting): NodeJS.Timeout {
  const show = async () => {
    const path = '/api/v1/rota?days=1';
    const answer = await transport({ method: 'GET', path, body: undefined, timeoutMs: WORD_MS });
    const read = rota.safeParse(answer.body);
    if (!read.success) return;
    const names = (['eoc', 'imoc', 'cmoc'] as const).map(
      (role) => `${role.toUpperCase()} ${read.data.onDuty[role] ?? 'nobody'}`,
    );
    view.duty(names.join(', '));
  };
  const ask = () => void show().catch(() => undefined);
  ask();
  return setInterval(ask, DUTY_EVERY_MS).unref();
}
