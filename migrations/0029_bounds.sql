-- Every number and time has bounds, and every text a length, so that no row can make a reader overflow. Rows that lie
-- beyond them are clamped to the nearest bound here. 0030 then proves the constraints, under a lock that lets writers go on.

-- A sum as a bigint that stops at the ends of the range: a page is not refused because of what was counted.
CREATE FUNCTION dashboard.saturated(total numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(least(total, 9223372036854775807), -9223372036854775808)::bigint
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.saturated(numeric)');

-- The zone, or UTC where PostgreSQL does not know it: zone files differ from one server to the next.
CREATE FUNCTION dashboard.known_zone(zone text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.known_zone(text)');

-- What the columns are held to: both bounds are allowed.
CREATE FUNCTION dashboard.bounds_of_columns() RETURNS TABLE (
    of_table name,
    lowest text,
    highest text,
    of_columns name[]
)
LANGUAGE sql IMMUTABLE AS $$
    -- Counts have 15 digits, as dashboard.is_count (0015) has it: exact in JavaScript, and three add up within a bigint.
    SELECT counts.of_table, '0', '999999999999999', counts.of_columns::name[] FROM (VALUES
        ('posts', '{views,likes,comments,shares}'), ('post_metrics', '{views,likes,comments,shares}'),
        ('client_accounts', '{followers,post_count}'), ('account_metrics', '{followers}'),
        ('usage_days', '{api_requests,exports,imports,alerts,accounts,posts}'),
        ('bot_health_rollups', '{latency_sum}'), ('history_days', '{thinned_to_post}')
    ) AS counts (of_table, of_columns)
    UNION ALL
    SELECT numbers.of_table, numbers.lowest, numbers.highest, numbers.of_columns::name[] FROM (VALUES
        -- ETags, which every change counts up.
        ('brands', '1', '999999999999999', '{version}'), ('account_groups', '1', '999999999999999', '{version}'),
        ('client_accounts', '1', '999999999999999', '{version}'),
        ('guild_settings', '1', '999999999999999', '{version}'),
        -- Those of a day are added up as int.
        ('bot_health_rollups', '0', '1000000000', '{beats,latency_count}'),
        ('bot_health_rollups', '0', '2147483647', '{latency_min,latency_max}'),
        ('bot_health_rollups', '0', '86400', '{online_seconds,degraded_seconds}'),
        ('dashboard_sessions', '0', '2147483647', '{generation}'), ('webhook_deliveries', '0', '1000000', '{attempts}')
    ) AS numbers (of_table, lowest, highest, of_columns)
    UNION ALL
    SELECT times.of_table, '2000-01-01 00:00Z', '9999-12-31 23:59:59.999999Z', times.of_columns::name[] FROM (VALUES
        ('clients', '{created_at}'), ('guilds', '{joined_at,left_at}'), ('guild_settings', '{updated_at}'),
        ('brands', '{created_at,updated_at}'), ('account_groups', '{created_at,updated_at}'),
        ('client_accounts', '{last_post_at,created_at,updated_at,status_since,handle_measured_at,
            display_name_measured_at,url_measured_at,status_measured_at,followers_measured_at}'),
        ('posts', '{posted_at,measured_at,created_at,url_measured_at,caption_measured_at}'),
        ('post_metrics', '{measured_at}'), ('account_metrics', '{measured_at}'),
        ('bot_health', '{first_heartbeat,last_heartbeat,started_at,state_since,updated_at}'),
        ('bot_health_rollups', '{starts_at}'), ('bot_incidents', '{started_at,ended_at}'),
        ('guild_queue_depths', '{oldest_job_at,updated_at}'),
        ('users', '{token_expires_at,guilds_read_at,guilds_retry_at,first_sign_in_at,last_sign_in_at}'),
        ('dashboard_sessions', '{rotated_at,created_at,last_active_at,expires_at,absolute_expires_at,revoked_at}'),
        ('oauth_states', '{created_at,expires_at,used_at}'), ('guild_guests', '{created_at,ends_at}'),
        ('api_keys', '{created_at,last_used_at,expires_at,revoked_at}'), ('api_signatures', '{expires_at}'),
        ('webhook_deliveries', '{created_at,next_attempt_at,delivered_at,gave_up_at}'),
        ('idempotency_keys', '{created_at}'), ('usage_days', '{day}'), ('history_days', '{day}')
    ) AS times (of_table, of_columns)
$$;

-- Of what is known by its time, two rows could be clamped to one, and the length of a guest's access could change: rows
-- beyond the bounds go, since they mean nothing.
DELETE FROM bot_health_rollups WHERE NOT starts_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z';
DELETE FROM post_metrics WHERE NOT measured_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z';
DELETE FROM account_metrics WHERE NOT measured_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z';
DELETE FROM usage_days WHERE NOT day BETWEEN '2000-01-01' AND '9999-12-31';
DELETE FROM history_days WHERE NOT day BETWEEN '2000-01-01' AND '9999-12-31';
DELETE FROM guild_guests WHERE NOT created_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z'
    OR NOT ends_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z';

-- First all clamping, then all constraints, for which readers have to wait: only until the end of this transaction.
DO $$
DECLARE
    held record;
    of_column name;
BEGIN
    -- It is no edit of a person's, and moves no time of a measurement.
    PERFORM set_config('app.reporting', 'on', true), set_config('timezone', 'UTC', true);
    FOR held IN SELECT * FROM dashboard.bounds_of_columns() LOOP
        -- All columns at once: some are held to each other's order.
        EXECUTE (
            SELECT format(
                'UPDATE dashboard.%I SET %s WHERE %s', held.of_table,
                string_agg(format(
                    '%1$I = CASE WHEN %1$I IS NOT NULL THEN greatest(least(%1$I, %3$L), %2$L) END',
                    name, held.lowest, held.highest), ', '),
                string_agg(format('NOT %I BETWEEN %L AND %L', name, held.lowest, held.highest), ' OR ')
            )
            FROM unnest(held.of_columns) AS name
        );
    END LOOP;
    FOR held IN SELECT * FROM dashboard.bounds_of_columns() LOOP
        FOREACH of_column IN ARRAY held.of_columns LOOP
            EXECUTE format(
                'ALTER TABLE dashboard.%I ADD CONSTRAINT %I CHECK (%I BETWEEN %L AND %L) NOT VALID', held.of_table,
                held.of_table || '_' || of_column || '_bounds', of_column, held.lowest, held.highest
            );
        END LOOP;
    END LOOP;
    PERFORM set_config('app.reporting', '', true);
END
$$;
DROP FUNCTION dashboard.bounds_of_columns();

-- The times of audit_log are part of its hashes: nothing is clamped, and 0030 leaves the rows that are there as they are.
ALTER TABLE audit_log ADD CONSTRAINT audit_log_created_at_bounds
    CHECK (created_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z') NOT VALID;

-- Texts and bytes that had no limit. All of them are the service's own.
UPDATE webhook_deliveries SET problem = left(problem, 1000) WHERE length(problem) > 1000;
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_problem_length CHECK (length(problem) <= 1000) NOT VALID;
ALTER TABLE api_keys
    ADD CONSTRAINT api_keys_public_id_length CHECK (length(public_id) <= 64) NOT VALID,
    ADD CONSTRAINT api_keys_secret_length CHECK (octet_length(secret_ciphertext) <= 1024) NOT VALID;
ALTER TABLE api_signatures ADD CONSTRAINT api_signatures_length CHECK (octet_length(signature) <= 64) NOT VALID;
ALTER TABLE idempotency_keys
    -- An answer to a request that made something.
    ADD CONSTRAINT idempotency_keys_answer_length CHECK (octet_length(answer_ciphertext) <= 1000000) NOT VALID;

-- Adds within the bounds: what one process counted must not keep it from writing for all tenants.
CREATE OR REPLACE FUNCTION dashboard.add_usage(clients bigint[], days date[], requests bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    most constant bigint := 999999999999999;
BEGIN
    -- In the order of the key, so that two processes never wait for each other in a circle. A client that was deleted in
    -- the meantime counts no more.
    INSERT INTO usage_days AS kept (client_id, day, api_requests)
    SELECT counted.client_id, counted.day, least(counted.requests, most)
    FROM unnest(clients, days, requests) AS counted (client_id, day, requests)
    JOIN clients AS known ON known.id = counted.client_id
    ORDER BY counted.client_id, counted.day
    ON CONFLICT (client_id, day) DO UPDATE SET api_requests = least(kept.api_requests + excluded.api_requests, most);
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- As in 0019, within the bounds.
CREATE OR REPLACE FUNCTION dashboard.note_totals() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    IF pg_try_advisory_xact_lock(hashtextextended('dashboard.note_totals', 0)) THEN
        INSERT INTO usage_days AS kept (client_id, day, accounts, posts)
        SELECT known.id, (now() AT TIME ZONE 'UTC')::date, count(accounts.id),
            least(coalesce(sum(accounts.post_count), 0), 999999999999999)
        FROM clients AS known
        LEFT JOIN client_accounts AS accounts ON accounts.client_id = known.id
        GROUP BY known.id
        ORDER BY known.id
        ON CONFLICT (client_id, day) DO UPDATE SET accounts = excluded.accounts, posts = excluded.posts
        WHERE (kept.accounts, kept.posts) IS DISTINCT FROM (excluded.accounts, excluded.posts);
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- As in 0004, with a sum that fits.
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

-- As in 0010, within the bounds.
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

-- As in 0008, within the bounds.
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

-- As in 0025. A bot that started before its machine knew the date still beats: its start is of the year 2000 then.
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
    -- What ISO 8601 writes with four digits of a year.
    IF started_at < '0001-01-01' OR started_at >= '10000-01-01' THEN
        PERFORM dashboard.refuse('started_at must be a time of the years 1 to 9999');
    END IF;
    RETURN dashboard.heartbeat(
        instance, status, shard_count, shards_down, guild_count, version, latency_ms,
        CASE WHEN started_at < '2000-01-01' THEN '2000-01-01' ELSE started_at END
    );
END
$$;

-- As in 0010. The oldest job is of the years from 2000 on.
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
