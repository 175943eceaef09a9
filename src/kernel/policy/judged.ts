import type { Emergency } from './emergency.ts';
import type { LockHits } from './lock-hits.ts';
import type { Question } from './question.ts';

/** A question with what follows from its approvals; this is what rules are asked about. */
export type Judged = Question & { readonly emergency: Emergency | null; readonly locks: LockHits };
