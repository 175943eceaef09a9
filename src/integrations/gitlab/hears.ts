import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HeardEvent, Hears } from '../../app/ports/connection.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { gitlabSigned } from '../signatures/schemes.ts';

const told = z.object({
  object_kind: z.enum(['issue', 'note']),
  project: z.object({ path_with_namespace: z.string() }),
  object_attributes: z.object({ iid: z.int().optional() }),
  issue: z.object({ iid: z.int() }).optional(),
});

/** Hears GitLab's webhook of these projects. All that it is taken for is which issue to look at. */
export function gitlabHears(projects: readonly string[], secrets: readonly Secret[]): Hears {
  return (request) => {
    if (
      !gitlabSigned(
        request,
        secrets.map((secret) => secret.reveal()),
      )
    )
      return { kind: 'unverified' };
    const signed = request.headers['webhook-signature'] !== undefined;
    // Without a signature the id is not the sender's word: the same bytes are the same delivery.
    const id = signed ? request.headers['webhook-id'] : undefined;
    const delivery = id ?? createHash('sha256').update(request.body).digest('hex');
    return { kind: 'heard', delivery, events: eventsOf(jsonOf(request.body), projects) };
  };
}

function eventsOf(body: unknown, projects: readonly string[]): readonly HeardEvent[] {
  const read = told.safeParse(body);
  if (!read.success) return [];
  const project = read.data.project.path_with_namespace;
  if (!projects.includes(project)) return [];
  const { object_kind: kind, issue, object_attributes: attributes } = read.data;
  const iid = kind === 'note' ? issue?.iid : attributes.iid;
  return iid === undefined ? [] : [{ kind: 'issue-touched', issue: `${project}#${iid}` }];
}
