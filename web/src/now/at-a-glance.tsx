import { useQuery } from '@tanstack/react-query';
import { Badge } from '../parts/badge.tsx';
import { useNow } from '../server/clock.ts';
import { askClaims, askLocks, askRuns } from '../server/questions.ts';
import classes from './now-page.module.css';

/** How much runs and which locks hold, above the boards: whoever is woken sees it without turning the page. */
export function AtAGlance() {
  const runs = useQuery(askRuns).data?.runs;
  const claims = useQuery(askClaims).data?.claims;
  const locks = useQuery(askLocks).data;
  const nowMs = useNow(60);
  const running = (runs?.length ?? 0) + (claims?.length ?? 0);
  const holding = [
    ...(locks?.locks.filter(({ state }) => state === 'confirmed' || state === 'emergency') ?? []),
    ...(locks?.policy ?? []),
  ].filter(
    ({ start, end }) => Date.parse(start) <= nowMs && (end === null || nowMs < Date.parse(end)),
  ).length;
  if (running + holding === 0) return null;
  return (
    <ul className={classes['glance']} aria-label="At a glance">
      {running > 0 && (
        <li>
          <a href="#running">
            <Badge tone="busy">{running === 1 ? '1 change runs' : `${running} changes run`}</Badge>
          </a>
        </li>
      )}
      {holding > 0 && (
        <li>
          <a href="#locks">
            <Badge tone="warn">{holding === 1 ? '1 lock holds' : `${holding} locks hold`}</Badge>
          </a>
        </li>
      )}
    </ul>
  );
}
