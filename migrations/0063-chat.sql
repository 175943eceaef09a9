-- What a person pressed is found by the receipt of its message.
create index outbox_by_receipt on outbox (connection, receipt) where receipt is not null;

-- Notices that were not read are also told to the accounts that their people linked, while they are new.
create index notices_to_tell on notices (at) where read_at is null;
