import type { ChangePreview, PreviewChange, PreviewPlan } from '../../contract/change-preview.ts';
import type { SlotReport } from '../../contract/calendar.ts';
import { parseFacts } from '../../contract/facts.ts';
import { requirementsOf } from '../../kernel/policy/requirement.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { slotReport } from '../calendar/slot-report.ts';
import type { LoadedChange } from '../change-facts.ts';
import type { AppContext } from '../context.ts';
import { previewLoaded, targetNames } from '../decide.ts';
import { lookAtMonitoring } from '../monitoring/look.ts';
import { done, type Outcome } from '../outcome.ts';
import { ceremonyView } from './ceremony.ts';
import { hostFacts } from './host.ts';
import { asEdited, type Edited } from './preview-edit.ts';
import { asNew } from './as-new.ts';
import { readMarked } from './read-marked.ts';
import type { PlanRead } from './read-plan.ts';
import { noChange } from './show.ts';

const MINUTE_MS = 60_000;

/**
 * What the server says of a plan that is being written: what the linter finds, what it would count as and need, the verdict in a
 * slot, and what an edit would do to the words that were given. It is read as a plan that is sent is read; nothing is recorded.
 */
export async function previewPlan(
  context: AppContext,
  call: Call,
  { slot, edits, ...sent }: PreviewChange,
): Promise<Outcome<ChangePreview>> {
  const marked = await readMarked(context, sent);
  if (!marked.ok) return marked;
  const { problems, findings, read } = marked.value;
  if (read === null) return done({ problems: [...problems], findings: [...findings], plan: null });
  const { plan } = read;
  const asked = { environment: plan.environment, targets: targetNames(plan) };
  const proven = await lookAtMonitoring(context, asked);
  const judged = await transact(
    context.db,
    async (tx) => {
      const edited = edits === undefined ? null : await editedAs(tx, call, edits, read);
      const loaded = edited?.loaded ?? (await asNew(tx, call, read));
      return judgePlan(tx, context, call, {
        read,
        loaded,
        slot,
        proven,
        edit: edited?.edit ?? null,
      });
    },
    { isolation: 'repeatable read', readOnly: true },
  );
  return done({ problems: [], findings: [...findings], plan: judged });
}

interface Judging {
  readonly read: PlanRead;
  readonly loaded: LoadedChange;
  readonly slot: PreviewChange['slot'];
  readonly proven: Awaited<ReturnType<typeof lookAtMonitoring>>;
  readonly edit: PreviewPlan['edit'];
}

async function judgePlan(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { read, loaded, slot: wanted, proven, edit }: Judging,
): Promise<PreviewPlan> {
  const { plan, outline } = read;
  const lengthMs = plan.estimate.steps + plan.estimate.rollback;
  const { slot, report } = await slotOf(tx, context, loaded, { wanted, lengthMs });
  const host = hostFacts(call.actor, null);
  const { document, facts } = await previewLoaded(tx, context, call, {
    action: 'schedule',
    host,
    loaded: { ...loaded, slot },
    ...(proven && { proven }),
  });
  const ceremony = ceremonyView(context, facts, loaded.row.state);
  return {
    ...ceremony,
    digest: outline.digest,
    title: outline.title,
    environment: outline.environment,
    criticality: outline.criticality,
    severity: outline.severity,
    kind: outline.kind,
    targets: plan.targets.length,
    steps: plan.steps.length,
    lengthMinutes: lengthMs / MINUTE_MS,
    asks: asksOf(context, read, ceremony.effectiveKind.kind, facts),
    slot: slot && { start: slot.start.toISOString(), end: slot.end.toISOString() },
    report,
    decision: document,
    edit,
  };
}

type Slot = { readonly start: Date; readonly end: Date };

/** The slot that was chosen, that it has, or the soonest opening that holds both estimates; with what there is to know of it. */
async function slotOf(
  tx: Transaction,
  context: AppContext,
  loaded: LoadedChange,
  { wanted, lengthMs }: { readonly wanted: PreviewChange['slot']; readonly lengthMs: number },
): Promise<{ readonly slot: Slot | null; readonly report: SlotReport }> {
  const { row, revision } = loaded;
  const own = row.slot_start && row.slot_end ? { start: row.slot_start, end: row.slot_end } : null;
  const chosen = wanted === null ? own : { start: new Date(wanted.start), end: new Date(wanted.end) };
  if (chosen !== null) {
    return { slot: chosen, report: await slotReport(tx, context, { row, revision, slot: chosen }) };
  }
  const from = await clock(tx);
  const now = slotFrom(from, lengthMs);
  const report = await slotReport(tx, context, { row, revision, slot: now });
  const [soonest] = report.openings;
  if (soonest === undefined) return { slot: null, report };
  const slot = slotFrom(Date.parse(soonest.first), lengthMs);
  return { slot, report: await slotReport(tx, context, { row, revision, slot }) };
}

/** A slot of no length is none. */
function slotFrom(at: number, lengthMs: number): Slot {
  return { start: new Date(at), end: new Date(at + Math.max(lengthMs, MINUTE_MS)) };
}

function asksOf(
  { policy: { policy } }: AppContext,
  { outline: { criticality, severity }, plan: { deployment } }: PlanRead,
  kind: PreviewPlan['effectiveKind']['kind'],
  facts: Parameters<typeof parseFacts>[0],
): PreviewPlan['asks'] {
  const parsed = parseFacts(facts);
  const graduated = parsed.ok && parsed.facts.change.procedure?.graduated === true;
  // What nobody knows is prepared for as the stricter of the two.
  const counted = kind === 'service' ? 'service' : 'maintenance';
  const profile = { criticality, severity, deployment, kind: counted, graduated } as const;
  return requirementsOf(policy, profile).map(({ rule, what }) => ({ rule, what }));
}

async function editedAs(tx: Transaction, call: Call, id: string, read: PlanRead): Promise<Edited> {
  const row = await findChange(tx, id);
  const before = row && (await findRevision(tx, id, row.revision));
  if (!row || !before) throw noChange(id);
  return asEdited(tx, call, { row, before, read });
}
