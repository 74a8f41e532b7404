-- A key, looked up before the request is authenticated, with what became of it: 'active', 'revoked' or 'ended'. guild_id is
-- the key's own; asked_client is the client of the guild that the request is about, NULL if that guild is not registered.
CREATE OR REPLACE FUNCTION dashboard.look_up_api_key(named text, about bigint) RETURNS TABLE (
    id bigint,
    client_id bigint,
    guild_id bigint,
    scopes text[],
    secret_ciphertext bytea,
    asked_client bigint,
    state text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT keys.id, keys.client_id, own.guild_id, keys.scopes, keys.secret_ciphertext, asked.client_id, CASE
        WHEN keys.revoked_at IS NOT NULL THEN 'revoked' WHEN keys.expires_at <= now() THEN 'ended' ELSE 'active' END
    FROM api_keys AS keys
    LEFT JOIN guilds AS own ON own.client_id = keys.client_id
    LEFT JOIN guilds AS asked ON asked.guild_id = about
    WHERE keys.public_id = named;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- For processes of versions before look_up_api_key.
CREATE OR REPLACE FUNCTION dashboard.find_api_key(named text, about bigint) RETURNS TABLE (
    id bigint,
    client_id bigint,
    guild_id bigint,
    scopes text[],
    secret_ciphertext bytea,
    asked_client bigint
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT keys.id, keys.client_id, keys.guild_id, keys.scopes, keys.secret_ciphertext, keys.asked_client
    FROM dashboard.look_up_api_key(named, about) AS keys WHERE keys.state = 'active'
$$;

-- Call it first in the transaction of the request: it rejects a signature that was used before (TD002) and a key that
-- was revoked or has expired meanwhile (TD001). It also stores the key and the client's address for the audit log.
CREATE OR REPLACE FUNCTION dashboard.use_api_key(key bigint, used_signature bytea, asking_from inet DEFAULT NULL) RETURNS void
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
    -- A timestamp may be 5 minutes ahead, and is accepted for 5 minutes after it.
    INSERT INTO api_signatures (key_id, signature, expires_at)
    VALUES (key, used_signature, now() + interval '11 minutes')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the request was sent before' USING ERRCODE = 'TD002';
    END IF;
    -- SKIP LOCKED: concurrent requests do not wait for each other; one of them sets the time.
    UPDATE api_keys SET last_used_at = now()
    WHERE id = (
        SELECT id FROM api_keys
        WHERE id = key AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        FOR NO KEY UPDATE SKIP LOCKED
    );
    PERFORM set_config('app.api_key', key::text, true), set_config('app.asking_from', coalesce(host(asking_from), ''), true),
        set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.look_up_api_key(text,bigint)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.find_api_key(text,bigint)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.use_api_key(bigint,bytea,inet)');
