import { z } from 'zod';
import { changeId } from './changes.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();
const number = z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected a number' });
const flag = z.stringbool();

/** Something that the caller was told. */
export const noticeView = z
  .strictObject({
    id: number,
    kind: z.string().describe('What kind of notice it is, such as `task-due`.'),
    about: z.string().describe('What it is about, as `kind/id`: `change/CHG-12`.'),
    body: z.string(),
    at: time,
    readAt: time.nullable().describe('When its reader marked it as read.'),
  })
  .meta({ id: 'Notice' });

export const noticeQuery = z.strictObject({
  unread: flag.default(false).describe('Only those that were not read.'),
  before: number.optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many, the newest first.'),
});
export type NoticeQuery = z.infer<typeof noticeQuery>;

export const noticePage = z.strictObject({
  notices: z.array(noticeView),
  next: number.nullable().describe('`before` of the next page; `null` if this is the last.'),
});
export type NoticePage = z.infer<typeof noticePage>;

export const readNotices = z.strictObject({
  upTo: number.describe('The newest notice that was seen; all before it count as read too.'),
});
export const noticesRead = z.strictObject({ read: z.number().int().describe('How many were marked.') });
export type NoticesRead = z.infer<typeof noticesRead>;

/** Something to catch up on. */
export const taskView = z
  .strictObject({
    id: z.string(),
    kind: z.string().describe('What kind of task it is, such as `approval-in-retrospect`.'),
    change: z.string().nullable(),
    incident: z.string().nullable(),
    title: z.string(),
    owner: z.string().describe('Who has to do it.'),
    openedAt: time,
    dueAt: time,
    overdue: z.boolean().describe('Whether it is open and its time has come.'),
    doneAt: time.nullable(),
    doneBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Task' });
export type TaskView = z.infer<typeof taskView>;

export const taskQuery = z.strictObject({
  owner: z.string().max(64).optional().describe('Only those of this person.'),
  change: changeId.optional().describe('Only those of this request.'),
  open: flag.default(true).describe('Only those that are not done; `false` gives all.'),
  before: z
    .string()
    .regex(/^TASK-[1-9]\d{0,17}$/)
    .optional()
    .describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many, the newest first.'),
});
export type TaskQuery = z.infer<typeof taskQuery>;

export const taskPage = z.strictObject({
  tasks: z.array(taskView),
  next: z.string().nullable().describe('`before` of the next page; `null` if this is the last.'),
});
export type TaskPage = z.infer<typeof taskPage>;

export const taskPath = z.strictObject({
  id: z.string().regex(/^TASK-[1-9]\d{0,17}$/, { error: 'expected a task such as `TASK-3`' }),
});
export const doneTask = z.strictObject({ note: words.max(4_000).optional().describe('How it ended.') });
export type DoneTask = z.infer<typeof doneTask>;
