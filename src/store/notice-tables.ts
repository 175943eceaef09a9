import type { ColumnType, Generated } from 'kysely';

type CreatedAt = ColumnType<Date, never, never>;
type Later = ColumnType<Date | null, never, Date | null>;

interface Notices {
  id: ColumnType<bigint, never, never>;
  key: string;
  person: string;
  kind: string;
  about: string;
  body: string;
  at: CreatedAt;
  read_at: Later;
}

interface Tasks {
  number: ColumnType<bigint, never, never>;
  id: ColumnType<string, never, never>;
  key: string;
  kind: string;
  change_id: string | null;
  incident_id: string | null;
  title: string;
  owner: string;
  opened_at: CreatedAt;
  due_at: Date;
  reminders: Generated<number>;
  reminded_at: Later;
  done_at: Later;
  done_by: ColumnType<string | null, never, string | null>;
  note: ColumnType<string | null, never, string | null>;
}

export interface NoticeTables {
  notices: Notices;
  tasks: Tasks;
}
