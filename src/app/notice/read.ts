import type { NoticePage, NoticeQuery, NoticesRead } from '../../contract/notices.ts';
import { transact } from '../../store/database.ts';
import { markRead, noticesOf, type NoticeRow } from '../../store/notices.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';

/** A page of the caller's own notices, the newest first. */
export async function readNotices(
  context: AppContext,
  { actor }: Call,
  { limit, before, unread }: NoticeQuery,
): Promise<NoticePage> {
  const from = before === undefined ? undefined : BigInt(before);
  const rows = await noticesOf(context.db, actor.person, { unread, before: from, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { notices: page.map(noticeView), next: rows.length > limit && last ? last.id.toString() : null };
}

/** Marks the caller's notices as read, up to and with one. Only they can: what a person has seen nobody else says. */
export async function noticesRead(context: AppContext, { actor }: Call, upTo: string): Promise<NoticesRead> {
  return { read: await transact(context.db, (tx) => markRead(tx, actor.person, BigInt(upTo))) };
}

function noticeView({ id, kind, about, body, at, read_at }: NoticeRow): NoticePage['notices'][number] {
  return {
    id: id.toString(),
    kind,
    about,
    body,
    at: at.toISOString(),
    readAt: read_at?.toISOString() ?? null,
  };
}
