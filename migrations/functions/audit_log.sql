-- The hash covers the previous hash in hex, then each column in the order below, as its length in bytes, a colon and
-- its text ("-" for NULL). The lengths keep two different entries from having the same text. Times in UTC with
-- microseconds, changes as PostgreSQL prints jsonb, an address as PostgreSQL prints inet.
CREATE OR REPLACE FUNCTION dashboard.audit_hash(entry audit_log) RETURNS bytea
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    SELECT sha256(convert_to(string_agg(
        coalesce(octet_length(field) || ':' || field, '-'), '' ORDER BY position
    ), 'UTF8'))
    FROM unnest(ARRAY[
        encode(entry.previous_hash, 'hex'),
        entry.client_id::text,
        entry.id::text,
        to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.actor_type,
        entry.actor_id::text,
        entry.guild_id::text,
        entry.action,
        entry.target_type,
        entry.target_id,
        entry.changes::text,
        entry.source,
        entry.ip_address::text
    ]) WITH ORDINALITY AS fields (field, position)
$$;

-- The API key that use_api_key accepted in this transaction. Any role can change these settings, so they count only if
-- the login may call use_api_key, which tracking_bot may not.
CREATE OR REPLACE FUNCTION dashboard.asking_key(OUT id bigint, OUT address inet)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    SELECT nullif(current_setting('app.api_key', true), '')::bigint,
        nullif(current_setting('app.asking_from', true), '')::inet
    WHERE has_function_privilege(session_user, 'dashboard.use_api_key(bigint, bytea, inet)', 'EXECUTE')
$$;

-- For the owner only (migrations, sample data, functions for bots): appends to any chain, at any time. Cuts `changes` to
-- 20,000 characters, which a page can show, so that no change fails because of its audit entry.
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
    -- A head that was deleted must not start a second chain.
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
    -- Cut both: no change may fail because of its audit entry.
    entry.target_id := left(append_audit_at.target_id, 200);
    entry.changes := dashboard.cut_changes(coalesce(append_audit_at.changes, '{}'), 20000);
    entry.source := append_audit_at.source;
    entry.ip_address := append_audit_at.ip_address;
    IF entry.actor_type = 'bot' AND entry.actor_id IS NULL THEN
        SELECT asking.id, asking.address INTO entry.actor_id, entry.ip_address FROM dashboard.asking_key() AS asking;
    END IF;
    entry.previous_hash := head.last_hash;
    entry.hash := dashboard.audit_hash(entry);

    INSERT INTO audit_log VALUES (entry.*);
    UPDATE audit_heads SET last_id = entry.id, last_hash = entry.hash WHERE client_id = entry.client_id;
    -- A bot's batch notifies once itself, also of changes that have no audit entry.
    IF entry.actor_type = 'user' AND entry.target_type IN ('brand', 'group', 'account') THEN
        PERFORM pg_notify('tracking_changed', entry.guild_id::text);
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN entry.id;
END
$$;

-- For the service: appends to the chain of the transaction's tenant, or to chain 0. Returns the entry's id.
CREATE OR REPLACE FUNCTION dashboard.append_audit(
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
BEGIN
    IF client_id IS DISTINCT FROM 0
        AND client_id IS DISTINCT FROM nullif(current_setting('app.client_id', true), '')::bigint
    THEN
        RAISE EXCEPTION 'the audit log of another tenant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN dashboard.append_audit_at(
        NULL, client_id, actor_type, actor_id, action, target_type, target_id, changes, source, ip_address
    );
END
$$;

-- Reads a whole chain. first_broken_id is the first entry that was changed, or that follows a gap; NULL if none.
-- If the newest entries were deleted, head_matches is false, unless the head was changed too.
CREATE OR REPLACE FUNCTION dashboard.verify_audit_chain(client_id bigint) RETURNS TABLE (
    entries bigint,
    first_broken_id bigint,
    head_matches boolean,
    last_hash bytea
)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    WITH checked AS (
        SELECT entry.id, entry.hash,
            entry.id = lag(entry.id, 1, 0::bigint) OVER chain + 1
                AND entry.previous_hash = lag(entry.hash, 1, decode(repeat('00', 32), 'hex')) OVER chain
                AND entry.hash = dashboard.audit_hash(entry) AS sound
        FROM audit_log AS entry
        WHERE entry.client_id = verify_audit_chain.client_id
        WINDOW chain AS (ORDER BY entry.id)
    ),
    newest AS (
        SELECT checked.id, checked.hash FROM checked ORDER BY checked.id DESC LIMIT 1
    )
    SELECT count(*), min(checked.id) FILTER (WHERE NOT checked.sound),
        (SELECT row(heads.last_id, heads.last_hash) FROM audit_heads AS heads
            WHERE heads.client_id = verify_audit_chain.client_id)
            IS NOT DISTINCT FROM (SELECT row(newest.id, newest.hash) FROM newest),
        (SELECT newest.hash FROM newest)
    FROM checked
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.audit_hash(dashboard.audit_log)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.append_audit(bigint,text,bigint,text,text,text,jsonb,text,inet)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.verify_audit_chain(bigint)');
