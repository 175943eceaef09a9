import { register as abort } from './abort.ts';
import { register as acceptDifference } from './accept-difference.ts';
import { register as alerts } from './alerts.ts';
import { register as attach } from './attach.ts';
import { register as complete } from './complete.ts';
import { register as dryRun } from './dry-run.ts';
import { register as handOff } from './hand-off.ts';
import { register as hold } from './hold.ts';
import { register as approveStep } from './approve-step.ts';
import { register as resume } from './resume.ts';
import { register as rollback } from './rollback.ts';
import { register as run } from './run.ts';
import { register as runs } from './runs.ts';
import { register as settle } from './settle.ts';
import { register as silence } from './silence.ts';
import { register as suspend } from './suspend.ts';
import { register as watch } from './watch.ts';

/** The commands that execute a change, or say something about its run, in the order in which help lists them. */
export const RUN_COMMANDS = [
  dryRun,
  run,
  attach,
  runs,
  alerts,
  silence,
  hold,
  resume,
  approveStep,
  rollback,
  abort,
  settle,
  suspend,
  complete,
  handOff,
  watch,
  acceptDifference,
];
