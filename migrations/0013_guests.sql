-- Access to a guild that its admins give to someone for a while, who need not be in the Discord server.
CREATE TABLE guild_guests (
    client_id bigint NOT NULL REFERENCES clients (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Discord's; neither refers to users: a guest may come here for the first time, and who gave it may be gone.
    user_id bigint NOT NULL,
    level text NOT NULL,
    granted_by bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- From then on the row means nothing; it is deleted when the guild gets its next guest.
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, id),
    CONSTRAINT guild_guests_once UNIQUE (client_id, user_id),
    CONSTRAINT guild_guests_user_id_positive CHECK (user_id > 0),
    CONSTRAINT guild_guests_level CHECK (level IN ('viewer', 'admin')),
    CONSTRAINT guild_guests_length CHECK (
        ends_at BETWEEN created_at + interval '1 hour' AND created_at + interval '720 hours'
    )
);

CREATE INDEX guild_guests_by_user ON guild_guests (user_id);

SELECT dashboard.protect_tenant_table('guild_guests', 'SELECT, INSERT, DELETE');

-- Says u:<user id> on session_changed, as the lists from Discord do. An end by time says nothing: every process knows it.
CREATE TRIGGER guild_guests_added AFTER INSERT ON guild_guests
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();
CREATE TRIGGER guild_guests_deleted AFTER DELETE ON guild_guests
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();

-- What a person may see: as in 0011, and the guilds where they are guests. One row a guild, with the higher level;
-- is_guest where they have that level as a guest only; ends_at is when the row may become another.
DROP FUNCTION dashboard.memberships(bigint);
CREATE FUNCTION dashboard.memberships(of_user bigint) RETURNS TABLE (
    guild_id bigint,
    client_id bigint,
    permissions bigint,
    is_admin boolean,
    is_guest boolean,
    ends_at timestamptz
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
        min(found.ends_at)
    FROM (
        SELECT theirs.guild_id, guilds.client_id, theirs.permissions,
            theirs.owner OR theirs.permissions & 40 <> 0 AS is_admin, false AS is_guest, NULL::timestamptz AS ends_at
        FROM user_guilds AS theirs
        JOIN guilds ON guilds.guild_id = theirs.guild_id
        JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
        WHERE theirs.user_id = of_user AND (theirs.owner OR theirs.permissions & 40 <> 0 OR settings.member_access)
        UNION ALL
        SELECT guilds.guild_id, guests.client_id, 0::bigint, guests.level = 'admin', true, guests.ends_at
        FROM guild_guests AS guests
        JOIN guilds ON guilds.client_id = guests.client_id
        WHERE guests.user_id = of_user AND guests.ends_at > now()
    ) AS found
    GROUP BY found.guild_id, found.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.memberships(bigint)');
