-- Makes one month's partition of one history table, and moves that month's rows from the default partition to it.
-- Attached instead of created in place, so that readers of the history are not blocked.
CREATE OR REPLACE FUNCTION dashboard.make_metric_partition(history text, month timestamptz) RETURNS boolean
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    partition_name constant text := format('%s_%s', history, to_char(month, 'YYYY_MM'));
    next_month constant timestamptz := month + interval '1 month';
BEGIN
    IF to_regclass(format('dashboard.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE dashboard.%I (LIKE dashboard.%I INCLUDING ALL)', partition_name, history);
    -- Writers wait from here to the commit: a row that slips into the default partition now would stop the attaching.
    EXECUTE format('LOCK TABLE dashboard.%I IN SHARE ROW EXCLUSIVE MODE', history);
    EXECUTE format(
        'WITH moved AS (
            DELETE FROM dashboard.%1$I WHERE measured_at >= %3$L AND measured_at < %4$L RETURNING *
        )
        INSERT INTO dashboard.%2$I SELECT * FROM moved',
        history || '_default', partition_name, month, next_month
    );
    EXECUTE format(
        'ALTER TABLE dashboard.%I ATTACH PARTITION dashboard.%I FOR VALUES FROM (%L) TO (%L)',
        history, partition_name, month, next_month
    );
    PERFORM dashboard.protect_from_owner(format('dashboard.%I', partition_name)::regclass);
    RETURN true;
END
$$;

-- The service calls it every day, and sample data with old history. Returns the number of partitions that it made.
CREATE OR REPLACE FUNCTION dashboard.make_metric_partitions(months_ahead int DEFAULT 3, months_back int DEFAULT 0) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = dashboard, pg_temp SET timezone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    made int := 0;
    month_offset int;
    history text;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 24 OR months_back NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'at most 24 months ahead and 120 back' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Two processes at once: the second finds everything made.
    PERFORM pg_advisory_xact_lock(hashtextextended('dashboard.make_metric_partitions', 0));
    FOR month_offset IN -months_back .. months_ahead LOOP
        FOREACH history IN ARRAY ARRAY['post_metrics', 'account_metrics'] LOOP
            IF dashboard.make_metric_partition(
                history, date_trunc('month', now()) + make_interval(months => month_offset)
            ) THEN
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN made;
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.make_metric_partitions(integer,integer)');
