CREATE OR REPLACE FUNCTION dashboard.bot_silence_limit() RETURNS interval
LANGUAGE sql IMMUTABLE AS $$ SELECT interval '90 seconds' $$;

-- One row for each bot that ever beat; a single row of state 'unknown' when none did. checked_at is the database's
-- now, silent_at when the bot will be (or was) offline without another beat: for the service's timer.
CREATE OR REPLACE FUNCTION dashboard.bot_states() RETURNS TABLE (
    instance int,
    state text,
    since timestamptz,
    last_heartbeat timestamptz,
    silent_at timestamptz,
    age_seconds double precision,
    beats_missed int,
    status text,
    started_at timestamptz,
    shard_count int,
    shards_down int,
    guild_count int,
    latency_ms int,
    version text,
    checked_at timestamptz
)
LANGUAGE sql VOLATILE SET search_path = dashboard, pg_temp AS $$
    -- Not now(): in a long transaction that stands still.
    WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
    aged AS (
        SELECT health.instance, health.state, least(health.state_since, clock.now) AS state_since,
            beats.last_heartbeat, health.status, health.started_at, health.shard_count, health.shards_down,
            health.guild_count, health.latency_ms, health.version, clock.now,
            beats.last_heartbeat + dashboard.bot_silence_limit() AS silent_at,
            extract(epoch FROM clock.now - beats.last_heartbeat)::double precision AS age
        FROM bot_health AS health CROSS JOIN clock
        -- Until correct_bot_times has run.
        CROSS JOIN LATERAL (SELECT least(health.last_heartbeat, clock.now) AS last_heartbeat) AS beats
    )
    SELECT aged.instance,
        CASE WHEN aged.now >= aged.silent_at THEN 'offline' ELSE aged.state END,
        CASE WHEN aged.now >= aged.silent_at AND aged.state <> 'offline' THEN aged.silent_at ELSE aged.state_since END,
        aged.last_heartbeat, aged.silent_at, aged.age,
        -- The beacon's interval is 30 s.
        least(floor(aged.age / 30), 2147483647)::int,
        aged.status, aged.started_at, aged.shard_count, aged.shards_down, aged.guild_count, aged.latency_ms,
        aged.version, aged.now
    FROM aged
    UNION ALL
    SELECT 1, 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, clock.now
    FROM clock
    WHERE NOT EXISTS (SELECT FROM bot_health)
    ORDER BY 1
$$;

-- Moves times that are later than now back to now: they were stored while the database's clock was ahead. Otherwise a bot
-- that died since would count as online until the clock gets there. Returns whether there were any. The service calls it
-- before it reads the states; it writes only if there is something to write, so it also works on a read-only server.
CREATE OR REPLACE FUNCTION dashboard.correct_bot_times() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    -- Read after the lock: a beat may be stored meanwhile.
    present timestamptz;
    ahead int;
    is_any boolean := false;
BEGIN
    FOR ahead IN
        SELECT instance FROM bot_health WHERE last_heartbeat > clock_timestamp() ORDER BY instance
    LOOP
        PERFORM FROM bot_health WHERE instance = ahead FOR UPDATE;
        present := clock_timestamp();
        UPDATE bot_health SET
            first_heartbeat = least(first_heartbeat, present), last_heartbeat = least(last_heartbeat, present),
            started_at = least(started_at, present), state_since = least(state_since, present),
            updated_at = least(updated_at, present)
        WHERE instance = ahead AND last_heartbeat > present;
        DELETE FROM bot_health_rollups WHERE instance = ahead AND starts_at > present;
        UPDATE bot_incidents SET started_at = least(started_at, present), ended_at = least(ended_at, present)
        WHERE instance = ahead AND (started_at > present OR ended_at > present);
        PERFORM pg_notify('bot_status', ahead::text);
        is_any := true;
    END LOOP;
    RETURN is_any;
END
$$;

-- Ends an open incident of another state and opens one of the given state; 'online' only ends one. Call it with the
-- bot_health row locked. Returns whether it opened one.
CREATE OR REPLACE FUNCTION dashboard.record_incident(of_instance int, new_state text, starting timestamptz, why text) RETURNS boolean
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    UPDATE bot_incidents SET ended_at = greatest(starting, started_at)
    WHERE instance = of_instance AND ended_at IS NULL AND state <> new_state;
    IF new_state = 'online' THEN
        RETURN false;
    END IF;
    INSERT INTO bot_incidents (instance, state, started_at, reason)
    VALUES (of_instance, new_state, starting, why)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- Opens an incident for every bot that is silent and has none, as of the moment at which it became silent. Each
-- incident is returned to exactly one of the processes that call it, which then notifies the guilds.
-- A row that is locked belongs to a bot that is beating right now, or to another process that does the same.
CREATE OR REPLACE FUNCTION dashboard.note_bot_silence() RETURNS TABLE (instance int, since timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    silent bot_health;
BEGIN
    FOR silent IN
        SELECT * FROM bot_health
        WHERE last_heartbeat <= clock_timestamp() - dashboard.bot_silence_limit() AND state <> 'offline'
            AND NOT EXISTS (
                SELECT FROM bot_incidents AS incidents
                WHERE incidents.instance = bot_health.instance
                    AND incidents.ended_at IS NULL AND incidents.state = 'offline'
            )
        ORDER BY bot_health.instance
        FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        instance := silent.instance;
        since := silent.last_heartbeat + dashboard.bot_silence_limit();
        IF dashboard.record_incident(instance, 'offline', since, 'silence') THEN
            PERFORM pg_notify('bot_status', instance::text);
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

-- Moves old rollups into coarser ones; call it about once an hour, from any number of processes. Only whole hours and
-- days move. Sums stop at the bounds of their columns. Returns the number of rows that moved.
CREATE OR REPLACE FUNCTION dashboard.roll_up_bot_health() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    step record;
    moved bigint;
    total bigint := 0;
BEGIN
    FOR step IN
        SELECT * FROM (VALUES
            ('minute', 'hour', interval '48 hours'),
            -- Longer than the 30 days for which uptime is shown.
            ('hour', 'day', interval '35 days')
        ) AS steps (fine, coarse, kept)
    LOOP
        WITH old AS (
            DELETE FROM bot_health_rollups
            WHERE resolution = step.fine AND starts_at < date_trunc(step.coarse, clock_timestamp() - step.kept, 'UTC')
            RETURNING *
        ),
        added AS (
            INSERT INTO bot_health_rollups AS kept
            SELECT instance, step.coarse, date_trunc(step.coarse, starts_at, 'UTC'), least(sum(beats), 1000000000),
                least(sum(online_seconds), 86400), least(sum(degraded_seconds), 86400),
                least(sum(latency_count), 1000000000), least(sum(latency_sum), 999999999999999), min(latency_min),
                max(latency_max)
            FROM old
            GROUP BY instance, date_trunc(step.coarse, starts_at, 'UTC')
            ORDER BY 1, 3
            ON CONFLICT (instance, resolution, starts_at) DO UPDATE SET
                beats = least(kept.beats + excluded.beats, 1000000000),
                online_seconds = least(kept.online_seconds + excluded.online_seconds, 86400),
                degraded_seconds = least(kept.degraded_seconds + excluded.degraded_seconds, 86400),
                latency_count = least(kept.latency_count + excluded.latency_count, 1000000000),
                latency_sum = least(kept.latency_sum + excluded.latency_sum, 999999999999999),
                latency_min = least(kept.latency_min, excluded.latency_min),
                latency_max = greatest(kept.latency_max, excluded.latency_max)
        )
        SELECT count(*) INTO moved FROM old;
        total := total + moved;
    END LOOP;
    RETURN total;
END
$$;

-- Uptime from rollups and the interval that is open since the last beat. Four rows of periods that end now ('24h',
-- '7d', '30d', '90d') and 90 rows 'day', each a UTC day, the last one today until now. The four numbers of a row add
-- up to its length. A rollup that begins before its period counts for the share that lies inside.
CREATE OR REPLACE FUNCTION dashboard.bot_uptime(of_instance int) RETURNS TABLE (
    period text,
    starts_at timestamptz,
    ends_at timestamptz,
    online_seconds double precision,
    degraded_seconds double precision,
    offline_seconds double precision,
    unknown_seconds double precision
)
LANGUAGE sql VOLATILE SET search_path = dashboard, pg_temp AS $$
    WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
    periods AS (
        SELECT spans.period, clock.now - spans.span AS starts_at, clock.now AS ends_at
        FROM clock CROSS JOIN (VALUES
            ('24h', interval '24 hours'), ('7d', interval '168 hours'),
            ('30d', interval '720 hours'), ('90d', interval '2160 hours')
        ) AS spans (period, span)
        UNION ALL
        SELECT 'day', days.day, least(days.day + interval '24 hours', clock.now)
        FROM clock CROSS JOIN LATERAL generate_series(
            date_trunc('day', clock.now, 'UTC') - interval '24 hours' * 89,
            date_trunc('day', clock.now, 'UTC'),
            interval '24 hours'
        ) AS days (day)
    ),
    health AS (
        SELECT bot_health.* FROM bot_health WHERE bot_health.instance = of_instance
    ),
    buckets AS (
        SELECT rollups.starts_at,
            rollups.starts_at + CASE rollups.resolution
                WHEN 'minute' THEN interval '1 minute' WHEN 'hour' THEN interval '1 hour' ELSE interval '24 hours'
            END AS ends_at,
            rollups.online_seconds, rollups.degraded_seconds
        FROM bot_health_rollups AS rollups CROSS JOIN clock
        WHERE rollups.instance = of_instance
            AND rollups.starts_at > clock.now - interval '2160 hours' - interval '24 hours'
        UNION ALL
        -- The open interval since the last beat, cut at midnight: no bucket lies in two days.
        SELECT part.starts_at, part.ends_at,
            CASE health.state WHEN 'online' THEN extract(epoch FROM part.ends_at - part.starts_at) ELSE 0 END,
            CASE health.state WHEN 'degraded' THEN extract(epoch FROM part.ends_at - part.starts_at) ELSE 0 END
        FROM health
        CROSS JOIN clock
        CROSS JOIN LATERAL (
            SELECT greatest(days.day, health.last_heartbeat) AS starts_at,
                least(days.day + interval '24 hours', clock.now,
                    health.last_heartbeat + dashboard.bot_silence_limit()) AS ends_at
            FROM generate_series(
                date_trunc('day', health.last_heartbeat, 'UTC'), clock.now, interval '24 hours'
            ) AS days (day)
        ) AS part
        WHERE part.starts_at < part.ends_at
    ),
    -- Days are summed apart: joining 90 of them with some 4,000 buckets by range would be 30 times the work.
    sums AS (
        SELECT 'day' AS period, date_trunc('day', buckets.starts_at, 'UTC') AS starts_at,
            sum(buckets.online_seconds) AS online, sum(buckets.degraded_seconds) AS degraded
        FROM buckets
        GROUP BY 2
        UNION ALL
        SELECT periods.period, periods.starts_at,
            sum(buckets.online_seconds * inside.share), sum(buckets.degraded_seconds * inside.share)
        FROM periods
        JOIN buckets ON buckets.ends_at > periods.starts_at
        CROSS JOIN LATERAL (
            SELECT CASE WHEN buckets.starts_at >= periods.starts_at THEN 1
                ELSE extract(epoch FROM buckets.ends_at - periods.starts_at)
                    / extract(epoch FROM buckets.ends_at - buckets.starts_at)
            END::double precision AS share
        ) AS inside
        WHERE periods.period <> 'day'
        GROUP BY periods.period, periods.starts_at
    ),
    known AS (
        SELECT periods.*, extract(epoch FROM periods.ends_at - periods.starts_at)::double precision AS length,
            CASE WHEN health.first_heartbeat < periods.ends_at
                THEN extract(epoch FROM periods.ends_at - greatest(periods.starts_at, health.first_heartbeat))
                ELSE 0
            END::double precision AS seconds
        FROM periods LEFT JOIN health ON true
    )
    SELECT known.period, known.starts_at, known.ends_at, up.online, up.degraded,
        greatest(0, known.seconds - up.online - up.degraded), known.length - known.seconds
    FROM known
    LEFT JOIN sums ON sums.period = known.period AND sums.starts_at = known.starts_at
    CROSS JOIN LATERAL (
        -- Rounding, and the share of the oldest bucket, must not make more uptime than time.
        SELECT least(coalesce(sums.online, 0), known.seconds) AS online,
            least(coalesce(sums.degraded, 0), known.seconds) AS degraded
    ) AS up
    ORDER BY known.period = 'day', known.ends_at, known.starts_at DESC
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.bot_silence_limit()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.bot_states()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.correct_bot_times()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.note_bot_silence()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.roll_up_bot_health()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.bot_uptime(integer)');
