import type { CommandFile } from './command-file.ts';

/** The commands that execute a change, or say something about its run, in the order in which help lists them. */
export const RUN_COMMANDS: readonly CommandFile[] = [
  { names: ['dry-run'], load: () => import('./dry-run.ts') },
  { names: ['run'], load: () => import('./run.ts') },
  { names: ['attach'], load: () => import('./attach.ts') },
  { names: ['runs'], load: () => import('./runs.ts') },
  { names: ['alerts'], load: () => import('./alerts.ts') },
  { names: ['silence'], load: () => import('./silence.ts') },
  { names: ['hold'], load: () => import('./hold.ts') },
  { names: ['resume'], load: () => import('./resume.ts') },
  { names: ['approve-step'], load: () => import('./approve-step.ts') },
  { names: ['rollback'], load: () => import('./rollback.ts') },
  { names: ['abort'], load: () => import('./abort.ts') },
  { names: ['settle'], load: () => import('./settle.ts') },
  { names: ['suspend'], load: () => import('./suspend.ts') },
  { names: ['complete'], load: () => import('./complete.ts') },
  { names: ['hand-off'], load: () => import('./hand-off.ts') },
  { names: ['watch'], load: () => import('./watch.ts') },
  { names: ['difference', 'accept-difference'], load: () => import('./accept-difference.ts') },
];
