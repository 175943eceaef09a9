-- A task whose owner is shut out is passed on to another while it is open; of one that is done, the owner stays.
grant update (owner) on tasks to interlock_app;
create trigger tasks_owner_stands before update of owner on tasks for each row
  when (old.done_at is not null and old.owner is distinct from new.owner) execute function words_stand();
