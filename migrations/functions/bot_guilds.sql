CREATE OR REPLACE FUNCTION bot.guild_joined(guild_id bigint, name text, icon text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF icon IS NOT NULL THEN
        icon := dashboard.clean_line('icon', icon, 64);
    END IF;
    PERFORM dashboard.register_guild(guild_id, dashboard.clean_line('name', dashboard.cleaned_guild_name(name), 100), icon, 'bot', 'bot');
END
$$;

CREATE OR REPLACE FUNCTION bot.guild_left(guild_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    gone guilds;
BEGIN
    IF guild_left.guild_id IS NULL OR guild_left.guild_id <= 0 THEN
        PERFORM dashboard.refuse('guild_id must be a Discord id');
    END IF;
    -- Nothing to do for an unknown guild, or one that was left before.
    UPDATE guilds SET left_at = now() WHERE guild_id = guild_left.guild_id AND left_at IS NULL RETURNING * INTO gone;
    IF FOUND THEN
        DELETE FROM guild_queue_depths WHERE client_id = gone.client_id;
        PERFORM dashboard.append_audit_at(
            NULL, gone.client_id, 'bot', NULL, 'guild.left', 'guild', guild_left.guild_id::text,
            jsonb_build_object('name', jsonb_build_array(gone.name, NULL)), 'bot', NULL
        );
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- Replaces the depth that was reported last. The age is limited so that the time of the oldest job is after 2000.
CREATE OR REPLACE FUNCTION bot.queue_depth(guild_id bigint, depth int, oldest_age_seconds int DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    known guilds;
BEGIN
    IF queue_depth.depth IS NULL OR queue_depth.depth < 0 OR queue_depth.oldest_age_seconds < 0 THEN
        PERFORM dashboard.refuse('depth and oldest_age_seconds must not be negative');
    ELSIF queue_depth.oldest_age_seconds > 630720000 THEN
        PERFORM dashboard.refuse('oldest_age_seconds must be at most 630720000, which is 20 years');
    END IF;
    SELECT * INTO known FROM guilds WHERE guild_id = queue_depth.guild_id;
    IF NOT FOUND THEN
        PERFORM dashboard.refuse('guild_id is not registered: call bot.guild_joined first');
    END IF;
    INSERT INTO guild_queue_depths (client_id, guild_id, depth, oldest_job_at, updated_at)
    VALUES (
        known.client_id, known.guild_id, queue_depth.depth,
        CASE WHEN queue_depth.depth > 0
            THEN clock_timestamp() - make_interval(secs => queue_depth.oldest_age_seconds)
        END,
        clock_timestamp()
    )
    ON CONFLICT (client_id) DO UPDATE SET
        depth = excluded.depth, oldest_job_at = excluded.oldest_job_at, updated_at = excluded.updated_at;
    PERFORM pg_notify('queue_depth', known.guild_id::text);
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- The settings that a bot follows. A bot can read no other data.
CREATE OR REPLACE FUNCTION bot.guild_settings(guild_id bigint) RETURNS jsonb
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

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.guild_joined(bigint,text,text) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.guild_joined(bigint,text,text)');
SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.guild_left(bigint) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.guild_left(bigint)');
SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.queue_depth(bigint,integer,integer) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.queue_depth(bigint,integer,integer)');
SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.guild_settings(bigint) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.guild_settings(bigint)');
