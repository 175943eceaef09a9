/** What an audience is told by itself. */
export const OCCASIONS = ['ahead', 'start', 'end', 'undone', 'off'] as const;
export type AudienceOccasion = (typeof OCCASIONS)[number];

/** What a text for the public may name: nothing that only the company knows. */
export const PUBLIC_PLACES = ['environment', 'from', 'to', 'downtime', 'text'] as const;
/** What a text for people of the company may name. */
export const INNER_PLACES = [...PUBLIC_PLACES, 'id', 'title'] as const;
export type AudiencePlace = (typeof INNER_PLACES)[number];

export type AudienceTexts = Readonly<Record<AudienceOccasion, string>>;

/** For end users: `text` is what the plan says for them, which its reviewers have read. */
export const PUBLIC_TEXTS: AudienceTexts = {
  ahead: 'Planned maintenance of {environment}: {from} to {to}. Expect up to {downtime} of downtime.',
  start: '{text}',
  end: '{text}',
  undone: 'The maintenance of {environment} has ended without its change: everything is as it was before.',
  off: 'The maintenance of {environment} that was planned for {from} does not take place then.',
};

export const INNER_TEXTS: AudienceTexts = {
  ahead: '{id}, {title}: {environment}, {from} to {to}, with up to {downtime} of downtime.',
  start: '{id}: {text}',
  end: '{id}: {text}',
  undone: '{id} has ended without its change and was rolled back: {title}.',
  off: '{id}, planned for {from}, does not take place then: {title}.',
};

const PLACE = /\{([^{}]*)\}/g;

/** The places of a text that it may not have. */
export function wrongPlaces(text: string, allowed: readonly string[]): readonly string[] {
  return [...text.matchAll(PLACE)].map(([, name]) => name ?? '').filter((name) => !allowed.includes(name));
}

/** A text with its places filled in; what is filled in is not read again. */
export function fillText(text: string, values: Readonly<Record<AudiencePlace, string>>): string {
  return text.replaceAll(PLACE, (whole, name: string) =>
    (INNER_PLACES as readonly string[]).includes(name) ? values[name as AudiencePlace] : whole,
  );
}
