-- Since when an account has a placeholder for a handle, because another account has its handle now.
ALTER TABLE client_accounts ADD COLUMN handle_lost_at timestamptz CONSTRAINT client_accounts_handle_lost_at_bounds
    CHECK (handle_lost_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z');

CREATE INDEX client_accounts_with_lost_handles ON client_accounts (client_id) WHERE handle_lost_at IS NOT NULL;

-- Handles that accounts had, and until when: a post that names a handle belongs to the account that had it when the post was
-- measured.
CREATE TABLE past_handles (
    client_id bigint NOT NULL,
    platform text NOT NULL CONSTRAINT past_handles_platform_length CHECK (length(platform) <= 20),
    handle_key text COLLATE "C" NOT NULL CONSTRAINT past_handles_handle_key_length CHECK (length(handle_key) BETWEEN 1 AND 300),
    until timestamptz NOT NULL CONSTRAINT past_handles_until_bounds
        CHECK (until BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z'),
    account_id bigint NOT NULL,
    PRIMARY KEY (client_id, platform, handle_key, until, account_id),
    CONSTRAINT past_handles_account FOREIGN KEY (client_id, account_id)
        REFERENCES client_accounts (client_id, id) ON DELETE CASCADE
);

CREATE INDEX past_handles_by_account ON past_handles (client_id, account_id);

SELECT dashboard.protect_tenant_table('past_handles', 'SELECT, DELETE');
