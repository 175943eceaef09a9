import type { HidingSilence } from '../../contract/silences.ts';
import { AppError } from '../../contract/errors.ts';
import { findChange } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { silencesOf, silencesSince } from '../../store/silences.ts';
import type { AppContext } from '../context.ts';
import { viewOf } from './silences.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST = 500;

/**
 * The silences of a change, or of all changes those that stand and those that ended within a week, each with what it hides now. Asks
 * Alertmanager where one stands. @throws {AppError} `not_found`
 */
export async function readHidingSilences(
  context: Pick<AppContext, 'db' | 'alerts'>,
  change: string | undefined,
): Promise<{ readonly silences: HidingSilence[] }> {
  const { db } = context;
  if (change !== undefined && !(await findChange(db, change)))
    throw new AppError('not_found', `expected a change, got \`${change}\`, which there is none of`);
  const rows =
    change === undefined
      ? await silencesSince(db, new Date((await clock(db)) - WEEK_MS), MOST)
      : await silencesOf(db, change);
  const stands = rows.some(({ ended_at }) => ended_at === null);
  const hiddenBy = stands ? await askWhatFires(context) : () => null;
  return {
    silences: rows.map((row) => ({
      ...viewOf(row),
      change: row.change_id,
      hides: row.ended_at === null ? hiddenBy(row.matchers) : [],
    })),
  };
}

type Labels = Readonly<Record<string, string>>;

/** Asks Alertmanager once what fires; gives the names of what labels match of it, `null` where it did not answer. */
export async function askWhatFires({
  alerts,
}: Pick<AppContext, 'alerts'>): Promise<(matchers: Labels) => string[] | null> {
  const answer = await alerts.source?.alerts();
  if (answer?.ok !== true) return () => null;
  return (matchers) =>
    answer.value
      .filter(({ labels }) => Object.entries(matchers).every(([name, value]) => labels[name] === value))
      .map(({ labels }) => labels['alertname'] ?? 'an alert without a name');
}
