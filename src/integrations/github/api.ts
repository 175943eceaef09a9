import { z } from 'zod';

export const account = z.object({ id: z.int(), login: z.string(), type: z.string() });

/** What it says of the labels of an issue, after each change of them. */
export const labelList = z.array(z.object({ name: z.string() }));

export const issue = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string().nullable(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
  state: z.enum(['open', 'closed']),
  user: account,
  pull_request: z.unknown().optional(),
});
export type Issue = z.output<typeof issue>;

export const comment = z.object({
  id: z.int(),
  body: z.string(),
  user: account,
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  performed_via_github_app: z.unknown().optional(),
});

export const told = z.object({
  repository: z.object({ full_name: z.string() }),
  issue: z.object({ number: z.int() }),
});
