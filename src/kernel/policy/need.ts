export const NEED_SORTS = ['approval', 'role', 'check', 'slot', 'word'] as const;
/** What somebody has to bring: an approval, a person in a role, something measured, a date, a word to others. */
export type NeedSort = (typeof NEED_SORTS)[number];
