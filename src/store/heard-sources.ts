import { sql, type RawBuilder } from 'kysely';
import type { AskedAbout } from './peer-answers.ts';
import type { Given } from './rows-in-json.ts';

/** Whether what says who is on call, or what burns, was heard lately enough to count. */
export interface HeardSource {
  readonly about: AskedAbout;
  /** The peer's name, or that it is a calendar. */
  readonly source: string;
  readonly heard: boolean;
  /** When it was last heard. */
  readonly at: Date | null;
  /** Why the newest attempt came to nothing. */
  readonly because: string | null;
  /** Id of the answer that counts, where it is kept. */
  readonly answer: string | null;
}

/** Every source of a rota, and these peers that have incidents for us. */
export function heardSources({
  incidents,
  limitMs,
}: {
  readonly incidents: Given<readonly string[]>;
  readonly limitMs: Given<number>;
}): RawBuilder<HeardSource> {
  return sql`
    select o.rota as about, coalesce(o.connection, 'a calendar') as source,
      coalesce(o.good_until > now(), false) as heard, o.good_at as at, o.failure as because, a.id::text as answer
    from rota_sources o left join lateral (
      select id from peer_answers where connection = o.connection and about = o.rota and heard
      order by asked_at desc, id desc limit 1) a on true
    where o.removed_at is null
    union all
    select 'incidents', name, coalesce(a.asked_at > clock_timestamp() - ${limitMs}::float8 * interval '1 ms', false),
      a.asked_at, case when not n.heard then n.because end, a.id::text
    from unnest(${incidents}::text[]) name
    left join lateral (
      select id, asked_at from peer_answers where connection = name and about = 'incidents' and heard
      order by asked_at desc, id desc limit 1) a on true
    left join lateral (
      select heard, because from peer_answers where connection = name and about = 'incidents'
      order by asked_at desc, id desc limit 1) n on true`;
}
