/** A thousand, 404 of them on one day and the others on the days after it; three at a time on each of four services. */
export const manyChanges = (dayMs: number) => `
  insert into changes (revision, author, title, environment, services, criticality, severity, kind, executor, digest, state, slot,
    last_slot, slot_accepted, on_calendar, slot_set_at)
  select 1, 'ana', 'Raise a limit on db-' || i, 'illumidesk.com', array['svc-' || i % 4], 'C2', 'S3', 'service', 'ben',
    'sha256:' || repeat(md5(i::text), 2), 'scheduled', span, span, true, true, now()
  from generate_series(0, 999) as i, lateral (select timestamptz '${new Date(dayMs).toISOString()}'
      + case when i < 404 then interval '0' else (1 + i % 6) * interval '1 day' end + (i / 12 % 11) * interval '2 hours' as first) as at,
    tstzrange(first, first + interval '90 minutes') as span`;
