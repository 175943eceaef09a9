import type { Kept } from './use-plan-draft.ts';

const SAYS: Readonly<Record<Exclude<Kept['state'], 'kept'>, string>> = {
  unkept:
    'This browser has no room to keep what you write: a reload would lose it. Throw other drafts away, or file it.',
  apart:
    'Another tab writes this draft too. Neither text is lost: what you write here is a draft of its own from now on.',
  gone: 'Another tab filed this draft, or threw it away. What you write here is kept anew.',
};

/** What whoever writes has to know of where it is kept. */
export function KeptNotice({ kept }: { readonly kept: Kept }) {
  if (kept.state === 'kept') return null;
  return (
    <p className="notice warn" role="alert">
      {SAYS[kept.state]}
    </p>
  );
}
