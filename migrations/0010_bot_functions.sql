-- The bot's door: all that tracking_bot may do. Each function checks what it is given, may be called again with the
-- same without harm, and tells the listeners. Parameters are named for callers that name them.

CREATE FUNCTION dashboard.refuse(message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'invalid_parameter_value';
END
$$;

-- Adds the seconds from one moment to another to the minutes they lie in; at most the 90 s for which a beat counts.
CREATE FUNCTION dashboard.credit_bot_time(of_instance int, credited_state text, starting timestamptz, ending timestamptz)
RETURNS void
LANGUAGE sql SET search_path = dashboard, pg_temp AS $$
    INSERT INTO bot_health_rollups AS kept (instance, resolution, starts_at, online_seconds, degraded_seconds)
    SELECT of_instance, 'minute', minutes.starts_at,
        CASE credited_state WHEN 'online' THEN credited.seconds ELSE 0 END,
        CASE credited_state WHEN 'degraded' THEN credited.seconds ELSE 0 END
    FROM generate_series(
        date_trunc('minute', starting), least(ending, starting + dashboard.bot_silence_limit()), interval '1 minute'
    ) AS minutes (starts_at)
    CROSS JOIN LATERAL (
        SELECT extract(epoch FROM
            least(ending, starting + dashboard.bot_silence_limit(), minutes.starts_at + interval '1 minute')
            - greatest(starting, minutes.starts_at)
        )::double precision AS seconds
    ) AS credited
    WHERE credited_state <> 'offline' AND credited.seconds > 0
    ON CONFLICT (instance, resolution, starts_at) DO UPDATE SET
        online_seconds = kept.online_seconds + excluded.online_seconds,
        degraded_seconds = kept.degraded_seconds + excluded.degraded_seconds
$$;

-- Counts a beat in the minute it came in.
CREATE FUNCTION dashboard.count_bot_beat(of_instance int, beat_at timestamptz, latency int) RETURNS void
LANGUAGE sql SET search_path = dashboard, pg_temp AS $$
    INSERT INTO bot_health_rollups AS kept (
        instance, resolution, starts_at, beats, latency_count, latency_sum, latency_min, latency_max
    )
    VALUES (
        of_instance, 'minute', date_trunc('minute', beat_at), 1,
        CASE WHEN latency IS NULL THEN 0 ELSE 1 END, coalesce(latency, 0), latency, latency
    )
    ON CONFLICT (instance, resolution, starts_at) DO UPDATE SET
        beats = kept.beats + 1,
        latency_count = kept.latency_count + excluded.latency_count,
        latency_sum = kept.latency_sum + excluded.latency_sum,
        latency_min = least(kept.latency_min, excluded.latency_min),
        latency_max = greatest(kept.latency_max, excluded.latency_max)
$$;

-- A beat as of the database's clock. Answers the state that follows from it. A parameter that is left out or NULL
-- keeps its last value (its default at the first beat); status, shards_down and latency_ms always mean now.
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- Discord's and product limits: a latency above a second is degraded.
    latency_limit_ms constant int := 1000;
    said_status constant text := coalesce(heartbeat.status, 'healthy');
    down constant int := coalesce(heartbeat.shards_down, 0);
    before bot_health;
    beat_at timestamptz := clock_timestamp();
    silent_at timestamptz;
    new_state text;
    reason text;
BEGIN
    IF heartbeat.instance IS NULL OR heartbeat.instance NOT BETWEEN 1 AND 10000 THEN
        PERFORM dashboard.refuse('instance must be between 1 and 10000');
    ELSIF said_status NOT IN ('healthy', 'degraded', 'stopping') THEN
        PERFORM dashboard.refuse('status must be healthy, degraded or stopping');
    ELSIF heartbeat.shard_count < 0 OR down < 0 OR heartbeat.guild_count < 0 OR heartbeat.latency_ms < 0 THEN
        PERFORM dashboard.refuse('counts and latency_ms must not be negative');
    ELSIF length(heartbeat.version) > 64 THEN
        PERFORM dashboard.refuse('version must have at most 64 characters');
    END IF;

    new_state := CASE
        WHEN said_status = 'stopping' THEN 'offline'
        WHEN said_status = 'degraded' OR down > 0 OR heartbeat.latency_ms > latency_limit_ms THEN 'degraded'
        ELSE 'online'
    END;
    reason := CASE
        WHEN said_status = 'stopping' THEN 'stopping'
        WHEN said_status = 'degraded' THEN 'reported'
        WHEN down > 0 THEN 'shards_down'
        ELSE 'latency'
    END;

    SELECT * INTO before FROM bot_health WHERE instance = heartbeat.instance FOR UPDATE;
    IF NOT FOUND THEN
        -- Of two first beats at once, the second waits here for the first and then goes on as its successor.
        INSERT INTO bot_health (
            instance, first_heartbeat, last_heartbeat, started_at, shard_count, shards_down, guild_count,
            status, state, state_since, updated_at
        )
        VALUES (heartbeat.instance, beat_at, beat_at, beat_at, 1, 0, 0, 'healthy', new_state, beat_at, beat_at)
        ON CONFLICT (instance) DO NOTHING;
        SELECT * INTO STRICT before FROM bot_health WHERE instance = heartbeat.instance FOR UPDATE;
    END IF;

    -- Only now: the wait for the lock must not make time run backwards. Neither must a clock that was set back.
    beat_at := greatest(clock_timestamp(), before.last_heartbeat);
    silent_at := before.last_heartbeat + dashboard.bot_silence_limit();
    IF down > coalesce(heartbeat.shard_count, before.shard_count) THEN
        PERFORM dashboard.refuse('shards_down must not be above shard_count');
    END IF;

    PERFORM dashboard.credit_bot_time(heartbeat.instance, before.state, before.last_heartbeat, beat_at);
    PERFORM dashboard.count_bot_beat(heartbeat.instance, beat_at, heartbeat.latency_ms);

    -- A silence that no process of the service saw, because none ran.
    IF beat_at >= silent_at AND before.state <> 'offline' THEN
        PERFORM dashboard.record_incident(heartbeat.instance, 'offline', silent_at, 'silence');
        before.state := 'offline';
        before.state_since := silent_at;
    END IF;
    PERFORM dashboard.record_incident(heartbeat.instance, new_state, beat_at, reason);

    UPDATE bot_health SET
        last_heartbeat = beat_at,
        -- A bot whose clock is ahead did not start in the future.
        started_at = least(beat_at, coalesce(
            heartbeat.started_at, CASE WHEN before.status <> 'stopping' THEN before.started_at END, beat_at
        )),
        shard_count = coalesce(heartbeat.shard_count, before.shard_count),
        shards_down = down,
        guild_count = coalesce(heartbeat.guild_count, before.guild_count),
        latency_ms = heartbeat.latency_ms,
        status = said_status,
        version = coalesce(heartbeat.version, before.version),
        state = new_state,
        state_since = CASE WHEN before.state = new_state THEN before.state_since ELSE beat_at END,
        updated_at = beat_at
    WHERE instance = heartbeat.instance;
    PERFORM pg_notify('bot_status', heartbeat.instance::text);
    RETURN new_state;
END
$$;

-- Makes client, guild and settings when they are new, takes over name and icon, and clears left_at. Answers the client.
CREATE FUNCTION dashboard.register_guild(guild_id bigint, name text, icon text, actor_type text, source text)
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

CREATE FUNCTION bot.guild_joined(guild_id bigint, name text, icon text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
BEGIN
    PERFORM dashboard.register_guild(guild_id, name, icon, 'bot', 'bot');
END
$$;

CREATE FUNCTION bot.guild_left(guild_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    gone guilds;
BEGIN
    IF guild_left.guild_id IS NULL OR guild_left.guild_id <= 0 THEN
        PERFORM dashboard.refuse('guild_id must be a Discord id');
    END IF;
    -- A guild that is not known, or left already, is left: nothing to do.
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

CREATE FUNCTION bot.queue_depth(guild_id bigint, depth int, oldest_age_seconds int DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    known guilds;
BEGIN
    IF queue_depth.depth IS NULL OR queue_depth.depth < 0 OR queue_depth.oldest_age_seconds < 0 THEN
        PERFORM dashboard.refuse('depth and oldest_age_seconds must not be negative');
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

-- The service calls them as well, for bots that come over HTTP, and register_guild from the command line.
DO $$
DECLARE
    callable regprocedure;
BEGIN
    FOR callable IN SELECT oid FROM pg_proc WHERE pronamespace = 'bot'::regnamespace LOOP
        PERFORM dashboard.grant_if_role('tracking_bot', format('GRANT EXECUTE ON FUNCTION %s TO tracking_bot', callable));
        PERFORM dashboard.grant_to_app('EXECUTE', format('FUNCTION %s', callable));
    END LOOP;
END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.register_guild(bigint, text, text, text, text)');
