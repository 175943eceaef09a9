import type { CommandFile } from './command-file.ts';

/** The commands about requests, what is said of them and what stands in their way, in the order in which help lists them. */
export const CHANGE_COMMANDS: readonly CommandFile[] = [
  { names: ['change'], load: () => import('./change.ts') },
  { names: ['approve'], load: () => import('./approve.ts') },
  { names: ['withdraw'], load: () => import('./withdraw.ts') },
  { names: ['exception'], load: () => import('./exception.ts') },
  { names: ['emergency'], load: () => import('./emergency.ts') },
  { names: ['schedule'], load: () => import('./schedule.ts') },
  { names: ['calendar'], load: () => import('./calendar.ts') },
  { names: ['announce'], load: () => import('./announce.ts') },
  { names: ['present'], load: () => import('./present.ts') },
  { names: ['verbal'], load: () => import('./verbal.ts') },
  { names: ['inform'], load: () => import('./inform.ts') },
  { names: ['discuss'], load: () => import('./discuss.ts') },
  { names: ['channel'], load: () => import('./channel.ts') },
  { names: ['veto'], load: () => import('./veto.ts') },
  { names: ['budgets'], load: () => import('./budgets.ts') },
  { names: ['incident'], load: () => import('./incident.ts') },
  { names: ['lock'], load: () => import('./lock.ts') },
  { names: ['notice'], load: () => import('./notice.ts') },
  { names: ['task'], load: () => import('./task.ts') },
  { names: ['webhook'], load: () => import('./webhook.ts') },
  { names: ['integration'], load: () => import('./integration.ts') },
];
