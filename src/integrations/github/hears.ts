import { createHash } from 'node:crypto';
import type { HeardEvent, Hears } from '../../app/ports/connection.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { githubSigned } from '../signatures/schemes.ts';
import { told } from './api.ts';

/** Hears GitHub's webhook of these repositories. All that it is taken for is which issue to look at. */
export function githubHears(repositories: readonly string[], secrets: readonly Secret[]): Hears {
  return (request) => {
    if (
      !githubSigned(
        request,
        secrets.map((secret) => secret.reveal()),
      )
    )
      return { kind: 'unverified' };
    // The number of a delivery is not signed: the same bytes are the same delivery.
    const delivery = createHash('sha256').update(request.body).digest('hex');
    return { kind: 'heard', delivery, events: eventsOf(jsonOf(request.body), repositories) };
  };
}

function eventsOf(body: unknown, repositories: readonly string[]): readonly HeardEvent[] {
  const read = told.safeParse(body);
  if (!read.success) return [];
  const repository = read.data.repository.full_name;
  if (!repositories.includes(repository)) return [];
  return [{ kind: 'issue-touched', issue: `${repository}#${read.data.issue.number}` }];
}
