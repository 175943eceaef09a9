-- A veto may be laid on one claim: the work of one pipeline is stopped, and the others go on.
alter table vetoes add column claim_id text references claims (id);
alter table vetoes add constraint vetoes_on_one check (change_id is null or claim_id is null);
