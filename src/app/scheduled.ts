import type { ScheduledJob } from '../store/schedule.ts';
import type { AppContext } from './context.ts';
import { readBudgets } from './budget/budget.ts';
import { askForLook } from './calendar/look.ts';
import { remindOfUpdates } from './change/remind-of-updates.ts';
import { expireSlots } from './change/expire-slots.ts';
import { announceLocks } from './lock/announce.ts';
import { rereadDirectory } from './identity/directory.ts';
import { endOldClaims } from './identity/end-claims.ts';
import { tellVpe } from './lock/tell-vpe.ts';
import { forgetOldAnswers } from './once.ts';
import { tellOfOverdue } from './run/delayed.ts';
import { importRotas } from './rota/import.ts';
import { thinAnswers } from '../store/peer-answers.ts';
import { thinProofs } from '../store/monitoring.ts';
import { passOnTasks } from './task/pass-on.ts';
import { remindOfTasks } from './task/remind.ts';
import { lookAtIssues } from './tracker/look-at-issues.ts';

/**
 * What is done by the clock, once however many servers there are. What is safe to do on every server, or has to happen within
 * seconds, is repeated by each of them instead.
 */
export function scheduledJobs(context: AppContext): readonly ScheduledJob[] {
  return [
    { name: 'pass-on-tasks', cron: '* * * * *', work: () => passOnTasks(context) },
    { name: 'remind-of-tasks', cron: '* * * * *', work: () => remindOfTasks(context) },
    { name: 'remind-of-updates', cron: '* * * * *', work: () => remindOfUpdates(context) },
    { name: 'tell-of-delayed-checks', cron: '* * * * *', work: () => tellOfOverdue(context) },
    { name: 'expire-slots', cron: '* * * * *', work: () => expireSlots(context) },
    { name: 'announce-locks', cron: '* * * * *', work: () => announceLocks(context) },
    { name: 'read-directory', cron: '* * * * *', work: () => rereadDirectory(context) },
    { name: 'end-old-claims', cron: '*/10 * * * *', work: () => endOldClaims(context) },
    { name: 'read-error-budgets', cron: '* * * * *', work: () => readBudgets(context) },
    { name: 'tell-vpe', cron: '* * * * *', work: () => tellVpe(context) },
    { name: 'forget-answers', cron: '23 * * * *', work: () => forgetOldAnswers(context) },
    { name: 'thin-evidence', cron: '43 * * * *', work: () => thinEvidence(context) },
    { name: 'look-at-calendar', cron: '*/5 * * * *', work: () => askForLook(context) },
    { name: 'look-at-issues', cron: '*/5 * * * *', work: () => lookAtIssues(context) },
    { name: 'import-rotas', cron: '*/5 * * * *', work: () => importRotas(context) },
  ];
}

/** What was proven and answered, and nothing rests on, goes after a while. */
async function thinEvidence({ db }: AppContext): Promise<void> {
  await thinProofs(db);
  await thinAnswers(db);
}
