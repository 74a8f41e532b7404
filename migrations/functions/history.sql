-- Late measurements wait for the thinning of their client, which must not remove a day from the list while they write to
-- it. Call it before the batch locks anything else.
CREATE OR REPLACE FUNCTION dashboard.hold_thinning(of_client bigint, oldest timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF oldest < now() - interval '29 days' THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('dashboard.thin_metrics', of_client));
    END IF;
END
$$;

-- Adds days to the list, to be thinned from their beginning.
CREATE OR REPLACE FUNCTION dashboard.list_history_days(of_client bigint, days date[]) RETURNS void
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO history_days (client_id, day)
    SELECT DISTINCT of_client, listed FROM unnest(days) AS listed ORDER BY listed
    ON CONFLICT DO NOTHING;
    -- Not DO UPDATE above: that would lock today's row, and with it out all other writers.
    UPDATE history_days SET thinned_to_post = 0
    WHERE client_id = of_client AND day = ANY (days) AND thinned_to_post > 0;
END
$$;

-- Deletes all but the last point of a day (UTC) that is more than 30 days ago. One short step: so many posts of one
-- client and day. Call it until it returns false: then nothing is left, or the rest is locked. Any number of processes
-- may call it at once. It works post by post, so that the planner always uses the primary key.
CREATE OR REPLACE FUNCTION dashboard.thin_metrics(at_most int DEFAULT 200) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp SET timezone = 'UTC' SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    todo history_days;
    starting timestamptz;
    ending timestamptz;
    chunk bigint[];
    one bigint;
BEGIN
    FOR todo IN
        SELECT * FROM history_days WHERE day < now()::date - 30 ORDER BY day, client_id LIMIT 100
    LOOP
        EXIT WHEN pg_try_advisory_xact_lock(hashtextextended('dashboard.thin_metrics', todo.client_id));
        todo := NULL;
    END LOOP;
    -- Another process may have finished it before this one had the lock.
    SELECT * INTO todo FROM history_days WHERE client_id = todo.client_id AND day = todo.day FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM set_config('app.scope', outer_scope, true);
        RETURN false;
    END IF;
    starting := todo.day;
    ending := todo.day + 1;

    chunk := ARRAY(
        SELECT id FROM posts WHERE client_id = todo.client_id AND id > todo.thinned_to_post ORDER BY id LIMIT at_most
    );
    FOREACH one IN ARRAY chunk LOOP
        DELETE FROM post_metrics
        WHERE client_id = todo.client_id AND post_id = one AND measured_at >= starting AND measured_at < (
            SELECT max(measured_at) FROM post_metrics
            WHERE client_id = todo.client_id AND post_id = one AND measured_at >= starting AND measured_at < ending
        ) AND measured_at < ending;
    END LOOP;
    IF cardinality(chunk) = at_most THEN
        UPDATE history_days SET thinned_to_post = chunk[at_most] WHERE client_id = todo.client_id AND day = todo.day;
        PERFORM set_config('app.scope', outer_scope, true);
        RETURN true;
    END IF;

    FOR one IN SELECT id FROM client_accounts WHERE client_id = todo.client_id ORDER BY id LOOP
        DELETE FROM account_metrics
        WHERE client_id = todo.client_id AND account_id = one AND measured_at >= starting AND measured_at < (
            SELECT max(measured_at) FROM account_metrics
            WHERE client_id = todo.client_id AND account_id = one AND measured_at >= starting AND measured_at < ending
        ) AND measured_at < ending;
    END LOOP;
    DELETE FROM history_days WHERE client_id = todo.client_id AND day = todo.day;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN true;
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.thin_metrics(integer)');
