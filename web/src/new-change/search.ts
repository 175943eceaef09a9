/** What a new change is begun from, and the draft that is in hand; all of it in the address. */
export interface NewChangeSearch {
  readonly procedure?: string;
  readonly template?: string;
  /** An older change, whose plan goes along. */
  readonly from?: string;
  readonly draft?: string;
}

export function newChangeSearch(search: Record<string, unknown>): NewChangeSearch {
  const { procedure, template, from, draft } = search;
  return {
    ...(isWord(procedure) && { procedure }),
    ...(isWord(template) && { template }),
    ...(isWord(from) && { from }),
    ...(isWord(draft) && { draft }),
  };
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '';
