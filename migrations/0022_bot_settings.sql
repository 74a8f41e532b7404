-- What a guild's admins set and its bot has to keep to. A bot reads nothing else.
CREATE FUNCTION bot.guild_settings(guild_id bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    found_settings jsonb;
BEGIN
    SELECT jsonb_build_object(
        'trackingEnabled', settings.tracking_enabled,
        'checkIntervalMinutes', settings.check_interval_minutes,
        'postRetentionDays', settings.post_retention_days
    )
    INTO found_settings
    FROM guilds JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
    WHERE guilds.guild_id = guild_settings.guild_id;
    IF NOT FOUND THEN
        PERFORM dashboard.refuse('guild_id is not registered: call bot.guild_joined first');
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN found_settings;
END
$$;

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.guild_settings(bigint) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.guild_settings(bigint)');
