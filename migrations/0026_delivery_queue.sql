-- What waits to be done in the background, for monitoring: how many messages to webhooks, since when the oldest of them,
-- and days of history that are to be thinned, of which no more than 10,000 are counted. Reads the two
-- indexes that the work itself goes by.
CREATE FUNCTION dashboard.background_queues() RETURNS TABLE (
    deliveries bigint,
    oldest_delivery timestamptz,
    thinning_days bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    SELECT count(*), min(created_at) INTO deliveries, oldest_delivery
    FROM webhook_deliveries WHERE delivered_at IS NULL AND gave_up_at IS NULL;
    SELECT count(*) INTO thinning_days
    FROM (SELECT FROM history_days WHERE day < now()::date - 30 LIMIT 10000) AS days;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN NEXT;
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.background_queues()');
