-- Append-only, hash-chained: one chain for each client, and chain 0 for the installation itself (sign-ins, roles).
-- The application's role may read it and call append_audit, nothing else.

-- The head of each chain. Locked before a number is drawn: with an identity column the number comes before the lock,
-- and entries written at the same time end up chained in another order than numbered.
CREATE TABLE audit_heads (
    client_id bigint PRIMARY KEY,
    last_id bigint NOT NULL,
    last_hash bytea NOT NULL
);

CREATE TABLE audit_log (
    client_id bigint NOT NULL,
    -- Place in the chain, 1, 2, 3 …: a gap is a deleted entry.
    id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    actor_type text NOT NULL,
    -- Discord's id of a person; NULL for system and bot.
    actor_id bigint,
    guild_id bigint,
    action text NOT NULL,
    target_type text NOT NULL,
    target_id text,
    changes jsonb NOT NULL DEFAULT '{}',
    source text NOT NULL,
    ip_address inet,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (client_id, id),
    CONSTRAINT audit_log_actor_type CHECK (actor_type IN ('user', 'system', 'bot')),
    CONSTRAINT audit_log_actor_known CHECK ((actor_type = 'user') = (actor_id IS NOT NULL)),
    CONSTRAINT audit_log_source CHECK (source IN ('page', 'api', 'command_line', 'import', 'bot', 'background')),
    CONSTRAINT audit_log_action_shape CHECK (action ~ '^[a-z_]+(\.[a-z_]+)*$' AND length(action) <= 64),
    CONSTRAINT audit_log_target_type_shape CHECK (target_type ~ '^[a-z_]+$' AND length(target_type) <= 64),
    CONSTRAINT audit_log_target_id_length CHECK (length(target_id) <= 200),
    CONSTRAINT audit_log_changes_size CHECK (length(changes::text) <= 1000000)
);

-- The timeline itself reads backwards along the primary key; these are its filters.
CREATE INDEX audit_log_by_time ON audit_log (client_id, created_at, id);
CREATE INDEX audit_log_by_actor ON audit_log (client_id, actor_id, id);
CREATE INDEX audit_log_by_action ON audit_log (client_id, action, id);
CREATE INDEX audit_log_by_target ON audit_log (client_id, target_type, target_id, id);

SELECT dashboard.protect_tenant_table('audit_heads', 'SELECT');
SELECT dashboard.protect_tenant_table('audit_log', 'SELECT');

-- What is hashed: the previous hash in hex, then each column in the order below, as its length in bytes, a colon and
-- its text ("-" for NULL). The lengths keep two different entries from having the same text. Times in UTC with
-- microseconds, changes as PostgreSQL prints jsonb, an address as PostgreSQL prints inet.
CREATE FUNCTION dashboard.audit_hash(entry audit_log) RETURNS bytea
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

-- For the owner only (migrations, sample data, the functions that the bot calls): any chain, any time.
CREATE FUNCTION dashboard.append_audit_at(
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
    entry.previous_hash := head.last_hash;
    entry.hash := dashboard.audit_hash(entry);

    INSERT INTO audit_log VALUES (entry.*);
    UPDATE audit_heads SET last_id = entry.id, last_hash = entry.hash WHERE client_id = entry.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN entry.id;
END
$$;

-- For the service: the chain of the tenant that the transaction is in, or chain 0. Answers the entry's id.
CREATE FUNCTION dashboard.append_audit(
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

-- Reads a whole chain. first_broken_id is the first entry that was changed, or that follows a gap; NULL: all is well.
-- Cutting off the newest entries shows as head_matches = false, unless the head was changed too.
CREATE FUNCTION dashboard.verify_audit_chain(client_id bigint) RETURNS TABLE (
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

SELECT dashboard.grant_to_app(
    'EXECUTE', 'FUNCTION dashboard.append_audit(bigint, text, bigint, text, text, text, jsonb, text, inet)'
);
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.audit_hash(dashboard.audit_log)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.verify_audit_chain(bigint)');
