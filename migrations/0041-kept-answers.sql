-- An answer is kept for every act that bears a key, not for some: with the ledger entry that its answer names. What was kept before
-- bears no entry and another form; it is let go, for no client tries an attempt of the last version again.
delete from idempotent_answers;
alter table idempotent_answers
  add column ledger_index bigint not null,
  alter column request_digest drop not null,
  alter column answer drop not null,
  add constraint idempotent_answers_sealed check ((request_digest is null) = (answer is null));
comment on column idempotent_answers.answer is 'null where it held a secret, or the request did: neither is kept';
create index idempotent_answers_by_age on idempotent_answers (at);
grant delete on idempotent_answers to interlock_app;

-- These keep no key of their own any more.
alter table webhook_endpoints drop column idempotency_key;
alter table calendar_feeds drop column idempotency_key;
