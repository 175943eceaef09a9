-- A program that asks and prepares in the name of one human. It never decides, and starts nothing above C4.
alter table people add column agent boolean not null default false;
alter table people add constraint people_agent_of_somebody check (not agent or (kind = 'service' and bot_of is not null));
