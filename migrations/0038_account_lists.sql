-- The version of a client's list of accounts, for bots that ask for what changed: each transaction that changes it takes the next
-- number. The row stays locked until the end, so no smaller number appears later.
CREATE TABLE account_lists (
    client_id bigint PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
    version bigint NOT NULL CONSTRAINT account_lists_version_bounds CHECK (version BETWEEN 0 AND 999999999999999)
);

SELECT dashboard.protect_tenant_table('account_lists', 'SELECT');

-- The version of the list in which the account changed last.
ALTER TABLE client_accounts ADD COLUMN list_version bigint NOT NULL DEFAULT 0
    CONSTRAINT client_accounts_list_version_bounds CHECK (list_version BETWEEN 0 AND 999999999999999);
