-- Adds the seconds from one moment to another to the minutes they lie in; at most the 90 s for which a beat counts.
CREATE OR REPLACE FUNCTION dashboard.credit_bot_time(of_instance int, credited_state text, starting timestamptz, ending timestamptz)
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

-- Counts a beat in its minute. Sums stop at the bounds of their columns.
CREATE OR REPLACE FUNCTION dashboard.count_bot_beat(of_instance int, beat_at timestamptz, latency int) RETURNS void
LANGUAGE sql SET search_path = dashboard, pg_temp AS $$
    INSERT INTO bot_health_rollups AS kept (
        instance, resolution, starts_at, beats, latency_count, latency_sum, latency_min, latency_max
    )
    VALUES (
        of_instance, 'minute', date_trunc('minute', beat_at), 1,
        CASE WHEN latency IS NULL THEN 0 ELSE 1 END, coalesce(latency, 0), latency, latency
    )
    ON CONFLICT (instance, resolution, starts_at) DO UPDATE SET
        beats = least(kept.beats + 1, 1000000000),
        latency_count = least(kept.latency_count + excluded.latency_count, 1000000000),
        latency_sum = least(kept.latency_sum + excluded.latency_sum, 999999999999999),
        latency_min = least(kept.latency_min, excluded.latency_min),
        latency_max = greatest(kept.latency_max, excluded.latency_max)
$$;

-- A beat as of the database's clock. Returns the state that follows from it. A parameter that is left out or NULL
-- keeps its last value (its default at the first beat); status, shards_down and latency_ms always mean now.
CREATE OR REPLACE FUNCTION dashboard.heartbeat(
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

    -- No beat is later than now: a clock that was ahead must not keep this bot online after it died.
    PERFORM dashboard.correct_bot_times();
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

    -- Only now: the wait for the lock must not make time run backwards. Neither must a clock that was set back by a moment.
    beat_at := greatest(clock_timestamp(), before.last_heartbeat);
    silent_at := before.last_heartbeat + dashboard.bot_silence_limit();
    IF down > coalesce(heartbeat.shard_count, before.shard_count) THEN
        PERFORM dashboard.refuse('shards_down must not be above shard_count');
    END IF;

    PERFORM dashboard.credit_bot_time(heartbeat.instance, before.state, before.last_heartbeat, beat_at);
    PERFORM dashboard.count_bot_beat(heartbeat.instance, beat_at, heartbeat.latency_ms);

    -- Record a silence that no process of the service noted, because none ran.
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

-- Validates the texts and the start of a beat. A start before 2000 counts as 2000, so that a bot whose machine did not
-- know the date can still beat.
CREATE OR REPLACE FUNCTION bot.heartbeat(
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
    -- The years that ISO 8601 writes with four digits.
    IF started_at < '0001-01-01' OR started_at >= '10000-01-01' THEN
        PERFORM dashboard.refuse('started_at must be a time of the years 1 to 9999');
    END IF;
    RETURN dashboard.heartbeat(
        instance, status, shard_count, shards_down, guild_count, version, latency_ms,
        CASE WHEN started_at < '2000-01-01' THEN '2000-01-01' ELSE started_at END
    );
END
$$;

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.heartbeat(integer,text,integer,integer,integer,text,integer,timestamp with time zone) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.heartbeat(integer,text,integer,integer,integer,text,integer,timestamp with time zone)');
