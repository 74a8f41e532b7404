-- What a person may see: their Discord guilds that are registered here, with the level that follows.
--
-- Owner, ADMINISTRATOR (0x8) and MANAGE_GUILD (0x20) are admins; other members are viewers where the guild lets them
-- (member_access). One look-up for tokens, requests and the list of servers, so that all three agree.
CREATE FUNCTION dashboard.memberships(of_user bigint) RETURNS TABLE (
    guild_id bigint,
    client_id bigint,
    permissions bigint,
    is_admin boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT theirs.guild_id, guilds.client_id, theirs.permissions, theirs.owner OR theirs.permissions & 40 <> 0
    FROM user_guilds AS theirs
    JOIN guilds ON guilds.guild_id = theirs.guild_id
    JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
    WHERE theirs.user_id = of_user AND (theirs.owner OR theirs.permissions & 40 <> 0 OR settings.member_access);
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.memberships(bigint)');
