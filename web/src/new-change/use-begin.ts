import { useNavigate } from '@tanstack/react-router';
import { keepDraft, type PlanDraft } from '../plan-editor/drafts.ts';

/** Goes on with a draft, at an address of its own: a reload finds it. */
export function useBegin(person: string): (draft: PlanDraft) => void {
  const navigate = useNavigate();
  return (draft) => {
    keepDraft(person, draft);
    void navigate({ to: '/changes/new', search: { draft: draft.id } });
  };
}
