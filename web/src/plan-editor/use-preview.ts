import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ChangePreview } from '../../../src/contract/change-preview.ts';
import { send } from '../server/api.ts';
import type { PlanDraft } from './drafts.ts';

/** Openings pass while somebody writes. */
const JUDGED_AGAIN_MS = 60_000;
/** Half a second after the last key: a plan is read in threads that opening one waits for too. */
const REST_MS = 500;

export interface Judged {
  /** The last answer, of whichever text. */
  readonly preview: ChangePreview | null;
  /** The text that it is about. */
  readonly about: string | null;
  /** That answer is of another text, or of the request as it was before. */
  readonly isAsking: boolean;
  readonly error: unknown;
}

/** What the server says of a draft, once it has rested; a question that is old is dropped, the last answer stays until then. */
export function usePreview({ file, text, scripts, slot, edits }: PlanDraft): Judged {
  const now = JSON.stringify({
    file,
    plan: text,
    scripts,
    slot,
    ...(edits && { edits: edits.change }),
  });
  const [body] = useDebouncedValue(now, REST_MS);
  const asked = useQuery({
    // A lock asks anew, and a request that is not what was read any more; not every event of every run.
    queryKey: ['locks', 'plan', edits?.tag ?? null, body],
    queryFn: async ({ signal }) => {
      const sent: unknown = JSON.parse(body);
      return {
        preview: await send<ChangePreview>('POST', '/changes/preview', sent, { signal }),
        about: (sent as { readonly plan: string }).plan,
      };
    },
    enabled: text !== '',
    placeholderData: (before) => before,
    refetchInterval: JUDGED_AGAIN_MS,
    gcTime: 60_000,
    retry: false,
  });
  return {
    preview: asked.data?.preview ?? null,
    about: asked.data?.about ?? null,
    isAsking: text !== '' && (asked.isPlaceholderData || asked.isLoading || body !== now),
    error: asked.error,
  };
}
