import { z } from 'zod';
import type { Seen, Taken } from '../../app/ports/connection.ts';
import type { Places } from '../tracker/places.ts';
import { askRest, type Rest } from '../tracker/rest.ts';
import { takesIssues } from '../tracker/taking.ts';
import { user } from './api.ts';

const REPORTER = 20;

const access = z.object({ access_level: z.int() }).nullish();
/** https://docs.gitlab.com/api/projects/#retrieve-a-project */
const project = z.object({
  archived: z.boolean().optional(),
  issues_enabled: z.boolean().optional(),
  permissions: z.object({ project_access: access, group_access: access }).optional(),
});

/** Whether our bot may keep issues in every project that the file names. It writes nothing there. */
export function mayWrite(rest: Rest, projects: Places, signal: AbortSignal): Promise<Taken> {
  return takesIssues(projects, whoWeAre(rest, signal), async (place) => {
    const path = `/projects/${encodeURIComponent(place)}`;
    const seen = await askRest(rest, project, { path, signal });
    return seen.kind === 'seen' ? { kind: 'seen', found: whyNot(seen.found) } : seen;
  });
}

async function whoWeAre(rest: Rest, signal: AbortSignal): Promise<Seen<string>> {
  const seen = await askRest(rest, user, { path: '/user', signal });
  return seen.kind === 'seen' ? { kind: 'seen', found: seen.found.username } : seen;
}

function whyNot({ archived, issues_enabled: issues, permissions }: z.infer<typeof project>): string | null {
  if (archived === true) return 'a project that is archived';
  if (issues === false) return 'a project without issues';
  const levels = [permissions?.project_access, permissions?.group_access].flatMap((one) => one ?? []);
  // Of a role that comes by another way it says nothing.
  const known = levels.map(({ access_level: level }) => level);
  return known.length > 0 && Math.max(...known) < REPORTER ? 'a role below Reporter' : null;
}
