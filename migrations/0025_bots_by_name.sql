-- What bots say over HTTP and in SQL passes the same checks, and the audit log names the key of what came over HTTP.

-- One line that says something, as it is kept: without white space at its ends. The rule of TextRule.line in the service.
CREATE FUNCTION dashboard.clean_line(field text, value text, longest int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    -- White space as Unicode has it.
    white constant text :=
        '[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+';
    cleaned text;
BEGIN
    IF value ~ '[\u0001-\u001f\u007f]' THEN
        PERFORM dashboard.refuse(field || ' must not contain control characters');
    END IF;
    cleaned := regexp_replace(regexp_replace(value, '^' || white, ''), white || '$', '');
    IF cleaned IS NULL OR length(cleaned) NOT BETWEEN 1 AND longest THEN
        PERFORM dashboard.refuse(format('%s must have 1 to %s characters', field, longest));
    END IF;
    RETURN cleaned;
END
$$;

CREATE OR REPLACE FUNCTION bot.guild_joined(guild_id bigint, name text, icon text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF icon IS NOT NULL THEN
        icon := dashboard.clean_line('icon', icon, 64);
    END IF;
    PERFORM dashboard.register_guild(guild_id, dashboard.clean_line('name', name, 100), icon, 'bot', 'bot');
END
$$;

-- The beat itself stays as it is (0010); what stands at the door now is what looks at the texts and times first.
ALTER FUNCTION bot.heartbeat(int, text, int, int, int, text, int, timestamptz) SET SCHEMA dashboard;
SELECT dashboard.grant_if_role(
    'tracking_bot',
    'REVOKE ALL ON FUNCTION dashboard.heartbeat(int, text, int, int, int, text, int, timestamptz) FROM tracking_bot'
);
SELECT dashboard.grant_if_role(
    'dashboard_app',
    'REVOKE ALL ON FUNCTION dashboard.heartbeat(int, text, int, int, int, text, int, timestamptz) FROM dashboard_app'
);

CREATE FUNCTION bot.heartbeat(
    instance int DEFAULT 1,
    status text DEFAULT 'healthy',
    shard_count int DEFAULT NULL,
    shards_down int DEFAULT 0,
    guild_count int DEFAULT NULL,
    version text DEFAULT NULL,
    latency_ms int DEFAULT NULL,
    started_at timestamptz DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF version IS NOT NULL THEN
        version := dashboard.clean_line('version', version, 64);
    END IF;
    -- What ISO 8601 writes with four digits of a year.
    IF started_at < '0001-01-01' OR started_at >= '10000-01-01' THEN
        PERFORM dashboard.refuse('started_at must be a time of the years 1 to 9999');
    END IF;
    RETURN dashboard.heartbeat(
        instance, status, shard_count, shards_down, guild_count, version, latency_ms, started_at
    );
END
$$;

SELECT dashboard.grant_if_role(
    'tracking_bot',
    'GRANT EXECUTE ON FUNCTION bot.heartbeat(int, text, int, int, int, text, int, timestamptz) TO tracking_bot'
);
SELECT dashboard.grant_to_app(
    'EXECUTE', 'FUNCTION bot.heartbeat(int, text, int, int, int, text, int, timestamptz)'
);

-- An entry of a bot names the key with which it came: actor_id is the id in api_keys. NULL: it came in SQL.
ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_actor_known,
    ADD CONSTRAINT audit_log_actor_known CHECK (
        CASE actor_type WHEN 'user' THEN actor_id IS NOT NULL WHEN 'system' THEN actor_id IS NULL ELSE true END
    );

-- In place of the one of 0018, whose two parameters it takes as well. It says who is asking for the rest of the
-- transaction, for dashboard.append_audit_at.
DROP FUNCTION dashboard.use_api_key(bigint, bytea);
CREATE FUNCTION dashboard.use_api_key(key bigint, used_signature bytea, asking_from inet DEFAULT NULL) RETURNS void
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
    PERFORM set_config('app.api_key', key::text, true), set_config('app.asking_from', coalesce(host(asking_from), ''), true),
        set_config('app.scope', outer_scope, true);
END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.use_api_key(bigint, bytea, inet)');

-- The key that use_api_key let in, in this transaction. Settings can be made by anybody: they count only from someone who
-- may call that function, which tracking_bot may not.
CREATE FUNCTION dashboard.asking_key(OUT id bigint, OUT address inet)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    SELECT nullif(current_setting('app.api_key', true), '')::bigint,
        nullif(current_setting('app.asking_from', true), '')::inet
    WHERE has_function_privilege(session_user, 'dashboard.use_api_key(bigint, bytea, inet)', 'EXECUTE')
$$;

CREATE OR REPLACE FUNCTION dashboard.append_audit_at(
    created_at timestamptz,
    client_id bigint,
    actor_type text,
    actor_id bigint,
    action text,
    target_type text,
    target_id text,
    changes jsonb,
    source text,
    ip_address inet
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    head audit_heads;
    entry audit_log;
BEGIN
    INSERT INTO audit_heads (client_id, last_id, last_hash)
    VALUES (append_audit_at.client_id, 0, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (client_id) DO NOTHING;
    -- A head that was taken away must not come back as that of another chain.
    IF FOUND AND EXISTS (SELECT FROM audit_log AS kept WHERE kept.client_id = append_audit_at.client_id) THEN
        RAISE EXCEPTION 'the audit log of client % has lost its head', append_audit_at.client_id
            USING ERRCODE = 'TD003', HINT = 'dashboard audit verify';
    END IF;
    SELECT * INTO STRICT head FROM audit_heads WHERE client_id = append_audit_at.client_id FOR UPDATE;

    entry.client_id := append_audit_at.client_id;
    entry.id := head.last_id + 1;
    -- The clock is read under the lock: along a chain, time does not run backwards.
    entry.created_at := coalesce(append_audit_at.created_at, clock_timestamp());
    entry.actor_type := append_audit_at.actor_type;
    entry.actor_id := append_audit_at.actor_id;
    entry.guild_id := (SELECT guild_id FROM guilds WHERE client_id = append_audit_at.client_id);
    entry.action := append_audit_at.action;
    entry.target_type := append_audit_at.target_type;
    entry.target_id := append_audit_at.target_id;
    entry.changes := coalesce(append_audit_at.changes, '{}');
    entry.source := append_audit_at.source;
    entry.ip_address := append_audit_at.ip_address;
    IF entry.actor_type = 'bot' AND entry.actor_id IS NULL THEN
        SELECT asking.id, asking.address INTO entry.actor_id, entry.ip_address FROM dashboard.asking_key() AS asking;
    END IF;
    entry.previous_hash := head.last_hash;
    entry.hash := dashboard.audit_hash(entry);

    INSERT INTO audit_log VALUES (entry.*);
    UPDATE audit_heads SET last_id = entry.id, last_hash = entry.hash WHERE client_id = entry.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN entry.id;
END
$$;
