-- Channel guild_changed, payload the guild's id: processes cache a guild until this arrives.
CREATE OR REPLACE FUNCTION dashboard.notify_guild_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    PERFORM pg_notify('guild_changed', guilds.guild_id::text) FROM guilds WHERE guilds.client_id = NEW.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS guilds_added ON guilds;
CREATE TRIGGER guilds_added AFTER INSERT ON guilds
    FOR EACH ROW EXECUTE FUNCTION dashboard.notify_guild_changed();

DROP TRIGGER IF EXISTS guilds_changed ON guilds;
CREATE TRIGGER guilds_changed AFTER UPDATE ON guilds
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION dashboard.notify_guild_changed();

DROP TRIGGER IF EXISTS guild_settings_changed ON guild_settings;
CREATE TRIGGER guild_settings_changed AFTER UPDATE ON guild_settings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION dashboard.notify_guild_changed();

-- The registered ones of these guilds, of all tenants: the service calls it with the guilds of a person.
CREATE OR REPLACE FUNCTION dashboard.registered_guilds(guild_ids bigint[]) RETURNS TABLE (
    guild_id bigint,
    client_id bigint,
    name text,
    icon text,
    left_at timestamptz,
    member_access boolean,
    account_count bigint,
    post_count bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT guilds.guild_id, guilds.client_id, guilds.name, guilds.icon, guilds.left_at, settings.member_access,
        counted.accounts, counted.posts
    FROM guilds
    JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS accounts, dashboard.saturated(coalesce(sum(accounts.post_count), 0)) AS posts
        FROM client_accounts AS accounts
        WHERE accounts.client_id = guilds.client_id
    ) AS counted
    WHERE guilds.guild_id = ANY (registered_guilds.guild_ids)
    ORDER BY guilds.guild_id;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- Inserts client, guild and settings if they are new, updates name and icon, and clears left_at. Returns the
-- client's id.
CREATE OR REPLACE FUNCTION dashboard.register_guild(guild_id bigint, name text, icon text, actor_type text, source text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    known guilds;
    new_client_id bigint;
    changes jsonb;
BEGIN
    IF register_guild.guild_id IS NULL OR register_guild.guild_id <= 0 THEN
        PERFORM dashboard.refuse('guild_id must be a Discord id');
    ELSIF register_guild.name IS NULL OR length(register_guild.name) NOT BETWEEN 1 AND 100 THEN
        PERFORM dashboard.refuse('name must have 1 to 100 characters');
    ELSIF register_guild.icon !~ '^[A-Za-z0-9_]{1,64}$' THEN
        PERFORM dashboard.refuse('icon must be an icon hash of Discord''s');
    END IF;
    -- The same guild twice at once must not make two clients.
    PERFORM pg_advisory_xact_lock(hashtextextended('dashboard.register_guild', register_guild.guild_id));

    SELECT * INTO known FROM guilds WHERE guild_id = register_guild.guild_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO clients (name) VALUES (register_guild.name) RETURNING id INTO new_client_id;
        INSERT INTO guilds (client_id, guild_id, name, icon)
        VALUES (new_client_id, register_guild.guild_id, register_guild.name, register_guild.icon);
        INSERT INTO guild_settings (client_id) VALUES (new_client_id);
        PERFORM dashboard.append_audit_at(
            NULL, new_client_id, register_guild.actor_type, NULL, 'guild.joined', 'guild',
            register_guild.guild_id::text, jsonb_build_object('name', jsonb_build_array(NULL, register_guild.name)),
            register_guild.source, NULL
        );
        PERFORM set_config('app.scope', outer_scope, true);
        RETURN new_client_id;
    END IF;

    changes := CASE WHEN known.name IS DISTINCT FROM register_guild.name
            THEN jsonb_build_object('name', jsonb_build_array(known.name, register_guild.name)) ELSE '{}' END
        || CASE WHEN known.icon IS DISTINCT FROM register_guild.icon
            THEN jsonb_build_object('icon', jsonb_build_array(known.icon, register_guild.icon)) ELSE '{}' END
        || CASE WHEN known.left_at IS NOT NULL
            THEN jsonb_build_object('leftAt', jsonb_build_array(known.left_at, NULL)) ELSE '{}' END;
    IF changes <> '{}' THEN
        UPDATE guilds SET
            name = register_guild.name, icon = register_guild.icon, left_at = NULL,
            joined_at = CASE WHEN known.left_at IS NULL THEN joined_at ELSE now() END
        WHERE client_id = known.client_id;
        PERFORM dashboard.append_audit_at(
            NULL, known.client_id, register_guild.actor_type, NULL,
            CASE WHEN known.left_at IS NULL THEN 'guild.updated' ELSE 'guild.rejoined' END, 'guild',
            register_guild.guild_id::text, changes, register_guild.source, NULL
        );
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN known.client_id;
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.registered_guilds(bigint[])');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.register_guild(bigint,text,text,text,text)');
