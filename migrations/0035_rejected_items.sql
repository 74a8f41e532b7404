-- The items of bots that were rejected last, for the admins of their server: at most 20 of a client, for 30 days. `item` is the
-- beginning of its text; `key_id` is the key of a request, which may be the installation's, NULL for SQL.
CREATE TABLE rejected_items (
    client_id bigint NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    rejected_at timestamptz NOT NULL DEFAULT now()
        CONSTRAINT rejected_items_rejected_at_bounds
        CHECK (rejected_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z'),
    batch text NOT NULL CONSTRAINT rejected_items_batch CHECK (batch IN ('accounts', 'posts')),
    place int NOT NULL CONSTRAINT rejected_items_place_bounds CHECK (place BETWEEN 0 AND 999),
    field text CONSTRAINT rejected_items_field_length CHECK (length(field) <= 100),
    reason text NOT NULL CONSTRAINT rejected_items_reason_length CHECK (length(reason) BETWEEN 1 AND 40),
    message text NOT NULL CONSTRAINT rejected_items_message_length CHECK (length(message) BETWEEN 1 AND 500),
    item text NOT NULL CONSTRAINT rejected_items_item_length CHECK (length(item) <= 500),
    key_id bigint,
    PRIMARY KEY (client_id, id)
);

SELECT dashboard.protect_tenant_table('rejected_items', 'SELECT, DELETE');

-- All rejected items since the installation began, by reason, for monitoring. A row for each client, so that no bot waits for
-- another's; without a foreign key, so that the sums never get smaller.
CREATE TABLE rejection_counts (
    counted_for bigint NOT NULL,
    reason text NOT NULL CONSTRAINT rejection_counts_reason_length CHECK (length(reason) BETWEEN 1 AND 40),
    total bigint NOT NULL CONSTRAINT rejection_counts_total_bounds CHECK (total BETWEEN 0 AND 999999999999999),
    PRIMARY KEY (counted_for, reason)
);

SELECT dashboard.grant_to_app('SELECT', 'rejection_counts');
