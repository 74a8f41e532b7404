-- Every accepted measurement is a history point. Partitioned by month (UTC), so that old months can be thinned and
-- dropped without touching the new; what falls outside of the months made ahead lands in the default partition.

CREATE TABLE post_metrics (
    client_id bigint NOT NULL,
    post_id bigint NOT NULL,
    measured_at timestamptz NOT NULL,
    views bigint NOT NULL DEFAULT 0,
    likes bigint NOT NULL DEFAULT 0,
    comments bigint NOT NULL DEFAULT 0,
    shares bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, post_id, measured_at),
    -- History is part of its post and goes with it.
    CONSTRAINT post_metrics_post FOREIGN KEY (client_id, post_id)
        REFERENCES posts (client_id, id) ON DELETE CASCADE,
    CONSTRAINT post_metrics_range CHECK (views >= 0 AND likes >= 0 AND comments >= 0 AND shares >= 0)
) PARTITION BY RANGE (measured_at);

CREATE TABLE account_metrics (
    client_id bigint NOT NULL,
    account_id bigint NOT NULL,
    measured_at timestamptz NOT NULL,
    followers bigint NOT NULL,
    PRIMARY KEY (client_id, account_id, measured_at),
    CONSTRAINT account_metrics_account FOREIGN KEY (client_id, account_id)
        REFERENCES client_accounts (client_id, id) ON DELETE CASCADE,
    CONSTRAINT account_metrics_range CHECK (followers >= 0)
) PARTITION BY RANGE (measured_at);

CREATE TABLE post_metrics_default PARTITION OF post_metrics DEFAULT;
CREATE TABLE account_metrics_default PARTITION OF account_metrics DEFAULT;

-- A history point is never changed, so there is no UPDATE. Partitions get no grant at all: reached by their own name
-- they would be bound by their own policies only.
SELECT dashboard.protect_tenant_table('post_metrics', 'SELECT, INSERT, DELETE');
SELECT dashboard.protect_tenant_table('account_metrics', 'SELECT, INSERT, DELETE');
SELECT dashboard.protect_from_owner('post_metrics_default');
SELECT dashboard.protect_from_owner('account_metrics_default');

-- Makes one month's partition of one history table, taking over what the default partition holds of that month.
-- Attached instead of created in place: that lets readers of the history go on.
CREATE FUNCTION dashboard.make_metric_partition(history text, month timestamptz) RETURNS boolean
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

-- Called by the service every day, and by whoever brings old history along. Answers how many partitions it made.
CREATE FUNCTION dashboard.make_metric_partitions(months_ahead int DEFAULT 3, months_back int DEFAULT 0) RETURNS int
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

SELECT dashboard.make_metric_partitions();
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.make_metric_partitions(int, int)');
