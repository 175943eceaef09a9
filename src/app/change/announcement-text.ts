import type { Plan } from '../../contract/plan.ts';
import type { ChangeRow } from '../../store/changes.ts';

/** A message of the channel is read in passing; the request holds the rest. */
const LONGEST = 2_000;

/** What the production channel is told before a change starts. */
export function announcementText(row: ChangeRow, plan: Plan): string {
  const { id, slot_start, slot_end } = row;
  const when = slot_start && slot_end ? `, ${slot_start.toISOString()} to ${slot_end.toISOString()}` : '';
  const head = `${id} (${plan.criticality}, ${plan.environment}) is about to start${when}: ${plan.title}.`;
  const text = `${head} Executor ${plan.executor}. Impact: ${plan.impact}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;
}
