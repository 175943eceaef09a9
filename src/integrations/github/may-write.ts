import { z } from 'zod';
import type { Seen, Taken } from '../../app/ports/connection.ts';
import type { Places } from '../tracker/places.ts';
import { askRest, type Rest } from '../tracker/rest.ts';
import { takesIssues } from '../tracker/taking.ts';
import { account } from './api.ts';

/** https://docs.github.com/en/rest/repos/repos#get-a-repository */
const repository = z.object({
  archived: z.boolean().optional(),
  has_issues: z.boolean().optional(),
  permissions: z.object({ push: z.boolean().optional(), triage: z.boolean().optional() }).optional(),
});

/** Whether our machine user may keep issues in every repository that the file names. It writes nothing there. */
export function mayWrite(rest: Rest, repositories: Places, signal: AbortSignal): Promise<Taken> {
  return takesIssues(repositories, whoWeAre(rest, signal), async (place) => {
    const seen = await askRest(rest, repository, { path: `/repos/${place}`, signal });
    return seen.kind === 'seen' ? { kind: 'seen', found: whyNot(seen.found) } : seen;
  });
}

async function whoWeAre(rest: Rest, signal: AbortSignal): Promise<Seen<string>> {
  const seen = await askRest(rest, account, { path: '/user', signal });
  return seen.kind === 'seen' ? { kind: 'seen', found: seen.found.login } : seen;
}

function whyNot({ archived, has_issues: issues, permissions }: z.infer<typeof repository>): string | null {
  if (archived === true) return 'a repository that is archived';
  if (issues === false) return 'a repository without issues';
  const mayLabel = permissions?.triage !== false || permissions.push === true;
  return mayLabel ? null : 'an account that may not label issues there';
}
