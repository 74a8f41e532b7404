-- What clients call their requests, so that one that is sent again is not carried out again. Like sessions, a person's and
-- not a tenant's: the request's hash holds the guild.

CREATE TABLE idempotency_keys (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the header's value, and of method, address and body.
    key_hash bytea NOT NULL,
    request_hash bytea NOT NULL,
    -- Status, place and body of the answer, AES-256-GCM by the service, since it may hold a secret that is shown once.
    -- NULL: not there yet.
    answer_ciphertext bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key_hash),
    CONSTRAINT idempotency_keys_hashes CHECK (octet_length(key_hash) = 32 AND octet_length(request_hash) = 32)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

SELECT dashboard.grant_to_app('SELECT, INSERT, UPDATE, DELETE', 'idempotency_keys');
