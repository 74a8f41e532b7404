-- A list that is written again without a change (INSERT … ON CONFLICT DO UPDATE … WHERE it differs) stays silent.
CREATE OR REPLACE FUNCTION dashboard.notify_memberships_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    PERFORM pg_notify('session_changed', 'u:' || users.user_id)
    FROM (SELECT DISTINCT changed.user_id FROM changed) AS users;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS user_guilds_added ON user_guilds;
CREATE TRIGGER user_guilds_added AFTER INSERT ON user_guilds
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

DROP TRIGGER IF EXISTS user_guilds_changed ON user_guilds;
CREATE TRIGGER user_guilds_changed AFTER UPDATE ON user_guilds
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

DROP TRIGGER IF EXISTS user_guilds_deleted ON user_guilds;
CREATE TRIGGER user_guilds_deleted AFTER DELETE ON user_guilds
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

-- Sends u:<user id> on session_changed, as for the lists from Discord. An expiry sends nothing: processes know its time.
DROP TRIGGER IF EXISTS guild_guests_added ON guild_guests;
CREATE TRIGGER guild_guests_added AFTER INSERT ON guild_guests
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

DROP TRIGGER IF EXISTS guild_guests_deleted ON guild_guests;
CREATE TRIGGER guild_guests_deleted AFTER DELETE ON guild_guests
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

-- Whether a member is an admin: the owner, or Administrator (8) or Manage Server (32) in Discord's permission bits. The same
-- rule as Level.ofMember in the service.
CREATE OR REPLACE FUNCTION dashboard.is_manager(owner boolean, permissions bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT owner OR permissions & (8 | 32) <> 0
$$;

-- The registered guilds that a person may see now, as a member or guest. One row per guild, with the higher level.
-- is_guest: the person has this level only as a guest. ends_at: when the row may change.
-- since: when the facts behind the row were last written, so that a right that is newer than a token is known as such.
DROP FUNCTION IF EXISTS dashboard.memberships(bigint);
CREATE FUNCTION dashboard.memberships(of_user bigint) RETURNS TABLE (
    guild_id bigint,
    client_id bigint,
    permissions bigint,
    is_admin boolean,
    is_guest boolean,
    ends_at timestamptz,
    since timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT found.guild_id, found.client_id, bit_or(found.permissions), bool_or(found.is_admin),
        CASE WHEN bool_or(found.is_admin) THEN bool_and(found.is_guest OR NOT found.is_admin)
            ELSE bool_and(found.is_guest) END,
        min(found.ends_at), max(found.since)
    FROM (
        SELECT theirs.guild_id, guilds.client_id, theirs.permissions,
            dashboard.is_manager(theirs.owner, theirs.permissions) AS is_admin, false AS is_guest, NULL::timestamptz AS ends_at,
            greatest(people.guilds_read_at, guilds.joined_at, settings.updated_at) AS since
        FROM user_guilds AS theirs
        JOIN users AS people ON people.id = theirs.user_id
        JOIN guilds ON guilds.guild_id = theirs.guild_id
        JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
        WHERE theirs.user_id = of_user AND (dashboard.is_manager(theirs.owner, theirs.permissions) OR settings.member_access)
        UNION ALL
        SELECT guilds.guild_id, guests.client_id, 0::bigint, guests.level = 'admin', true, guests.ends_at, guests.created_at
        FROM guild_guests AS guests
        JOIN guilds ON guilds.client_id = guests.client_id
        WHERE guests.user_id = of_user AND guests.ends_at > now()
    ) AS found
    GROUP BY found.guild_id, found.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.memberships(bigint)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.is_manager(boolean,bigint)');
