-- Adds the requests that a process counted. Sums stop at the bound of the column, so that one tenant's count cannot make
-- the write fail for all tenants. Commits without waiting for the disk.
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

-- Stores how many accounts and posts each tenant has today (UTC). One process at a time; the others skip it.
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

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.add_usage(bigint[],date[],bigint[])');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.note_totals()');
