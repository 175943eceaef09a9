import type { Seen } from '../../app/ports/connection.ts';
import type { Looking, OpenIncident } from '../../app/ports/on-call.ts';
import type { PagerdutySettings } from '../../contract/integrations/pagerduty.ts';
import type { Severity } from '../../kernel/policy/facts.ts';
import { askAll, askPagerduty, incident, oneIncident, type Api, type Incident } from './api.ts';

type Settings = NonNullable<PagerdutySettings['incidents']>;

/** What is triggered or acknowledged, however long ago it began: without `date_range=all` only the last month is told. */
export async function openIncidents(
  api: Api,
  settings: Settings,
  looking: Looking,
): Promise<Seen<readonly OpenIncident[]>> {
  const { services = [], urgencies = [] } = settings;
  const filters = [
    'date_range=all',
    'statuses[]=triggered',
    'statuses[]=acknowledged',
    ...services.map((id) => `service_ids[]=${encodeURIComponent(id)}`),
    ...urgencies.map((urgency) => `urgencies[]=${urgency}`),
  ];
  const path = `/incidents?${filters.join('&')}`;
  const seen = await askAll(api, { list: 'incidents', item: incident, path }, looking);
  if (seen.kind !== 'seen') return seen;
  const found = seen.found.filter((one) => isOurs(one, settings)).map((one) => shown(one, settings));
  return { kind: 'seen', found };
}

/** One that left the list may only have changed its urgency or its service: it is over where PagerDuty says that it is resolved. */
export async function isOver(api: Api, key: string, looking: Looking): Promise<Seen<boolean>> {
  const seen = await askPagerduty(api, oneIncident, `/incidents/${encodeURIComponent(key)}`, looking);
  if (seen.kind !== 'seen') return seen;
  const { id, status } = seen.found.incident;
  return { kind: 'seen', found: id === key && status === 'resolved' };
}

/** What was not asked for is not heard; one whose service is not said may be of ours. */
function isOurs({ status, service, urgency }: Incident, { services, urgencies }: Settings): boolean {
  if (status === 'resolved') return false;
  if (urgencies !== undefined && !urgencies.includes(urgency)) return false;
  return services === undefined || !service || services.includes(service.id);
}

function shown(one: Incident, settings: Settings): OpenIncident {
  const number = one.incident_number ?? null;
  return {
    key: one.id,
    shownAs: number === null ? one.id : `#${number}`,
    title: one.title ?? '',
    severity: severityOf(one, settings),
  };
}

/** By its priority, else by its urgency. A priority that nobody mapped is the worst that there is. */
function severityOf({ priority, urgency }: Incident, settings: Settings): Severity {
  const named = priority?.name ?? priority?.summary ?? null;
  if (named === null) return settings[urgency];
  return (Object.hasOwn(settings.priorities, named) ? settings.priorities[named] : undefined) ?? 'S1';
}
