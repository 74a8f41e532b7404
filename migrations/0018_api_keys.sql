-- Keys that bots sign their requests with. A signature needs the secret itself on both sides, so it is kept sealed: with
-- the database alone nobody can sign. A key without a client is the installation's: only the operator makes such keys.
CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id bigint REFERENCES clients (id),
    name text NOT NULL,
    -- What a request names its key by. No secret.
    public_id text NOT NULL,
    secret_ciphertext bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Discord's; NULL: from the command line.
    created_by bigint,
    -- At most a minute behind.
    last_used_at timestamptz,
    -- Set when another key took its place: until then both work.
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_keys_public_id_unique UNIQUE (public_id),
    CONSTRAINT api_keys_name_length CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT api_keys_scopes CHECK (
        cardinality(scopes) > 0 AND scopes <@ ARRAY['heartbeat', 'guilds', 'accounts', 'posts', 'queue']
    ),
    -- Heartbeats and guilds are about the whole installation.
    CONSTRAINT api_keys_scopes_of_a_client CHECK (
        client_id IS NULL OR scopes <@ ARRAY['accounts', 'posts', 'queue']
    )
);

CREATE INDEX api_keys_by_client ON api_keys (client_id, id);

SELECT dashboard.protect_tenant_table('api_keys', 'SELECT, INSERT, UPDATE');

-- What was signed and accepted, for as long as its timestamp would be taken: the same request does not count twice.
CREATE TABLE api_signatures (
    key_id bigint NOT NULL REFERENCES api_keys (id),
    signature bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (key_id, signature)
);

CREATE INDEX api_signatures_by_end ON api_signatures (key_id, expires_at);

-- A key that works, before anyone knows whose request it is. guild_id is the key's own; asked_client the client of the
-- guild that the request is about, where it is registered.
CREATE FUNCTION dashboard.find_api_key(named text, about bigint) RETURNS TABLE (
    id bigint,
    client_id bigint,
    guild_id bigint,
    scopes text[],
    secret_ciphertext bytea,
    asked_client bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT keys.id, keys.client_id, own.guild_id, keys.scopes, keys.secret_ciphertext, asked.client_id
    FROM api_keys AS keys
    LEFT JOIN guilds AS own ON own.client_id = keys.client_id
    LEFT JOIN guilds AS asked ON asked.guild_id = about
    WHERE keys.public_id = named AND keys.revoked_at IS NULL
        AND (keys.expires_at IS NULL OR keys.expires_at > now());
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- First in the transaction of what the request asks for: with the same signature it is undone, and it does not begin
-- with a key that has ended in the meantime.
CREATE FUNCTION dashboard.use_api_key(key bigint, used_signature bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    PERFORM FROM api_keys
    WHERE id = key AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key has ended' USING ERRCODE = 'TD001';
    END IF;
    DELETE FROM api_signatures WHERE key_id = key AND expires_at < now();
    -- A timestamp may be 5 minutes ahead, and is taken for 5 minutes after it.
    INSERT INTO api_signatures (key_id, signature, expires_at)
    VALUES (key, used_signature, now() + interval '11 minutes')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the request was sent before' USING ERRCODE = 'TD002';
    END IF;
    -- Of requests at the same time one is enough, and none waits for another.
    UPDATE api_keys SET last_used_at = now()
    WHERE id = (
        SELECT id FROM api_keys
        WHERE id = key AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        FOR NO KEY UPDATE SKIP LOCKED
    );
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.find_api_key(text, bigint)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.use_api_key(bigint, bytea)');
