/** Who is kept informed of a change, and how often between its start and its end; `null`: only at both. */
export type Audience = { readonly audience: string; readonly everyMs: number | null };

/** The times of the run that a change is informed about; epoch milliseconds. `null`: not yet. */
export type Told = {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
};

/** The next word that an audience waits for. */
export type DueUpdate = {
  readonly audience: string;
  readonly what: 'start' | 'update' | 'end';
  readonly dueAt: number;
  readonly late: boolean;
};

export type SentUpdate = { readonly audience: string; readonly at: number };

/**
 * What each audience waits for next. At the start: due as the run starts, and a word given before counts. At intervals: that long after the
 * last word, and never after less because a word came early. At the end: due as the run ends. An audience that waits for
 * nothing is not listed; one that the plan names twice is told as often as the shorter interval says.
 */
export function updatesDue(
  audiences: readonly Audience[],
  sent: readonly SentUpdate[],
  run: Told,
  now: number,
): readonly DueUpdate[] {
  if (run.startedAt === null) return [];
  const { startedAt, endedAt } = run;
  return merged(audiences).flatMap(({ audience, everyMs }): DueUpdate[] => {
    const own = sent.filter((one) => one.audience === audience).map(({ at }) => at);
    const next = nextFor(own, { startedAt, endedAt }, everyMs);
    return next === null ? [] : [{ audience, ...next, late: now > next.dueAt }];
  });
}

function nextFor(
  sent: readonly number[],
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number | null },
  everyMs: number | null,
): Pick<DueUpdate, 'what' | 'dueAt'> | null {
  if (endedAt !== null) return sent.some((at) => at >= endedAt) ? null : { what: 'end', dueAt: endedAt };
  if (sent.length === 0) return { what: 'start', dueAt: startedAt };
  if (everyMs === null) return null;
  return { what: 'update', dueAt: Math.max(startedAt, ...sent) + everyMs };
}

function merged(audiences: readonly Audience[]): readonly Audience[] {
  const byName = new Map<string, number | null>();
  for (const { audience, everyMs } of audiences) {
    const known = byName.get(audience) ?? null;
    byName.set(audience, known === null ? everyMs : Math.min(known, everyMs ?? known));
  }
  return [...byName].map(([audience, everyMs]) => ({ audience, everyMs }));
}
