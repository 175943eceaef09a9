import { durationText } from '../../contract/duration.ts';
import { OWN_WAYS, PUBLIC_AUDIENCE, type OwnWay } from '../../contract/integrations/audiences.ts';
import type { Plan } from '../../contract/plan.ts';
import type { AudienceName } from '../../contract/updates.ts';
import {
  fillText,
  INNER_TEXTS,
  PUBLIC_TEXTS,
  type AudienceOccasion,
} from '../../kernel/change/audience-text.ts';
import type { ChangeUpdateRow } from '../../store/change-updates.ts';
import type { AppContext } from '../context.ts';

/** A request, as far as its audiences hear of it. */
export interface ToldChange {
  readonly id: string;
  readonly title: string;
  readonly environment: string;
}

type Slot = { readonly start: Date; readonly end: Date };

interface Told {
  readonly change: ToldChange;
  readonly plan: Pick<Plan, 'downtime' | 'communication'>;
  readonly audience: AudienceName;
  readonly slot: Slot | null;
}

/** What an audience is told on an occasion, everywhere and on each way of its own. */
export function wordsOf(
  context: Pick<AppContext, 'audiences'>,
  occasion: AudienceOccasion,
  told: Told,
): { readonly body: string; readonly own: Readonly<Record<OwnWay, string>> } {
  const own = OWN_WAYS.map((way) => [way, wordOf(context, occasion, { ...told, way })]);
  return {
    body: wordOf(context, occasion, { ...told, way: null }),
    own: Object.fromEntries(own) as Record<OwnWay, string>,
  };
}

/** By the text of the way, else of the audience, else the usual one. */
function wordOf(
  { audiences }: Pick<AppContext, 'audiences'>,
  occasion: AudienceOccasion,
  told: Told & { readonly way: OwnWay | null },
): string {
  const { change, plan, audience, slot } = told;
  const usual = audience === PUBLIC_AUDIENCE ? PUBLIC_TEXTS : INNER_TEXTS;
  const route = audiences.routes[audience];
  const ofWay = told.way === null ? undefined : route?.[told.way]?.texts[occasion];
  const text = ofWay ?? route?.texts[occasion] ?? usual[occasion];
  const own = plan.communication.find((one) => one.audience === audience);
  return fillText(text, {
    environment: change.environment,
    from: slot ? minuteOf(slot.start) : 'now',
    to: slot ? minuteOf(slot.end) : 'its end',
    downtime: durationText(plan.downtime),
    text: own?.[occasion === 'start' ? 'start' : 'end'] ?? '',
    id: change.id,
    title: change.title,
  });
}

const SUBJECTS: Readonly<Record<ChangeUpdateRow['what'], string>> = {
  ahead: 'planned maintenance',
  off: 'maintenance does not take place',
  start: 'maintenance begins',
  end: 'maintenance has ended',
  word: 'news of the maintenance',
};

/** The subject of a mail; for the public without what only the company knows. */
export function subjectOf(
  { id, title, environment }: ToldChange,
  audience: AudienceName,
  what: ChangeUpdateRow['what'],
): string {
  const text = `${environment}: ${SUBJECTS[what]}`;
  return audience === PUBLIC_AUDIENCE ? text : `[${id}] ${text}: ${title}`;
}

/** `2026-12-05 06:00 UTC` */
export function minuteOf(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
