import { z } from 'zod';

const account = z.object({ id: z.int(), username: z.string() });

export const user = account.extend({ bot: z.boolean().optional() });

export const issue = z.object({
  iid: z.int(),
  title: z.string(),
  description: z.string().nullable(),
  labels: z.array(z.string()),
  due_date: z.string().nullable(),
  state: z.enum(['opened', 'closed']),
  confidential: z.boolean().optional(),
  author: account,
});
export type Issue = z.output<typeof issue>;

export const noteOf = z.object({
  id: z.int(),
  body: z.string(),
  author: account,
  system: z.boolean(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
});
