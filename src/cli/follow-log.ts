import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExit, type Handover } from '../runner/handover.ts';
import { sessionExists, type TmuxSession } from '../runner/tmux.ts';
import type { CliContext } from './context.ts';
import { note } from './print.ts';

const EVERY_MS = 100;

/** Prints the lines of a session as they come, until it has ended. Answers its exit status. */
export async function followLog(
  context: CliContext,
  session: TmuxSession,
  handover: Handover,
): Promise<number> {
  const log = await open(handover.log, 'r');
  try {
    for (let round = 1; ; round += 1) {
      const status = readExit(handover);
      await pour(context, log);
      if (status !== null) return status;
      // The exit status is written last, so a session that is gone without one was ended from outside.
      if (round % 10 === 0 && !(await sessionExists(session)) && readExit(handover) === null) {
        note(context, 'the session was ended from outside: the run is held once its lease is over');
        return 1;
      }
      await sleep(EVERY_MS);
    }
  } finally {
    await log.close();
  }
}

async function pour(context: CliContext, log: Awaited<ReturnType<typeof open>>): Promise<void> {
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    const { bytesRead } = await log.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    context.stdout(buffer.toString('utf8', 0, bytesRead));
  }
}
