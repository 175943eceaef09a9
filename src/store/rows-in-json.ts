import { sql, type RawBuilder } from 'kysely';

/** A row as it comes back in JSON: an instant as text in RFC 3339, to the microsecond. */
export type InJson<T> = T extends Date ? string : T extends object ? { [K in keyof T]: InJson<T[K]> } : T;

/** What a query is given: a value, or what stands for one in its statement. */
export type Given<T> = T | RawBuilder<T>;

/** The rows of a query, in its order, as one column of another: for reading several things by one statement. Give it no `bigint`. */
export function rowsInJson<Row>(query: RawBuilder<Row>): RawBuilder<InJson<Row>[]> {
  return sql`(select coalesce(json_agg(read), '[]') from (${query}) as read)`;
}
