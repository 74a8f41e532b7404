-- A notice of the beginning of an outage that could not be delivered before its end is not delivered after it: the
-- notice of the end has both times.
CREATE OR REPLACE FUNCTION dashboard.plan_outage_notices() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    incident bot_incidents;
BEGIN
    FOR incident IN
        SELECT * FROM bot_incidents
        WHERE state = 'offline' AND NOT (is_start_told AND is_end_told)
            AND (ended_at IS NOT NULL OR NOT is_start_told AND started_at < now() - interval '1 minute')
        ORDER BY id
        FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        IF incident.ended_at IS NOT NULL THEN
            DELETE FROM webhook_deliveries
            WHERE kind = 'bot_offline' AND incident_id = incident.id AND delivered_at IS NULL AND gave_up_at IS NULL;
        END IF;
        INSERT INTO webhook_deliveries (client_id, kind, incident_id)
        SELECT settings.client_id, CASE WHEN incident.ended_at IS NULL THEN 'bot_offline' ELSE 'bot_online' END, incident.id
        FROM guild_settings AS settings
        JOIN guilds ON guilds.client_id = settings.client_id
        WHERE settings.status_notices AND settings.alert_webhook_ciphertext IS NOT NULL AND guilds.left_at IS NULL
            -- No notice of the end without one of the beginning.
            AND (incident.ended_at IS NULL OR incident.is_start_told)
        ORDER BY settings.client_id
        ON CONFLICT DO NOTHING;
        UPDATE bot_incidents SET is_start_told = true, is_end_told = incident.ended_at IS NOT NULL
        WHERE id = incident.id;
    END LOOP;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- Takes up to `at_most` deliveries that are due. Without an outcome they are due again after a back-off that
-- doubles from one minute, so that they survive the process that took them.
CREATE OR REPLACE FUNCTION dashboard.claim_deliveries(at_most int) RETURNS TABLE (
    client_id bigint,
    id bigint,
    kind text,
    attempts int,
    webhook bytea,
    guild_id bigint,
    started_at timestamptz,
    ended_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    WITH due AS (
        SELECT waiting.client_id, waiting.id FROM webhook_deliveries AS waiting
        WHERE waiting.delivered_at IS NULL AND waiting.gave_up_at IS NULL AND waiting.next_attempt_at <= now()
        ORDER BY waiting.next_attempt_at
        LIMIT at_most
        FOR NO KEY UPDATE SKIP LOCKED
    ),
    taken AS (
        UPDATE webhook_deliveries AS kept
        SET attempts = kept.attempts + 1, next_attempt_at = now() + interval '1 minute' * (2 ^ least(kept.attempts, 6))
        FROM due WHERE kept.client_id = due.client_id AND kept.id = due.id
        RETURNING kept.*
    )
    SELECT taken.client_id, taken.id, taken.kind, taken.attempts, settings.alert_webhook_ciphertext, guilds.guild_id,
        incidents.started_at, incidents.ended_at
    FROM taken
    JOIN guilds ON guilds.client_id = taken.client_id
    JOIN guild_settings AS settings ON settings.client_id = taken.client_id
    LEFT JOIN bot_incidents AS incidents ON incidents.id = taken.incident_id;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- Stores the outcome of a delivery. No problem: delivered. A problem with a pause: retried after it, up to eight
-- attempts. A problem without a pause: given up.
CREATE OR REPLACE FUNCTION dashboard.note_delivery(of_client bigint, delivery bigint, problem text, pause_seconds bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    UPDATE webhook_deliveries AS kept SET
        delivered_at = CASE WHEN problem IS NULL THEN now() END,
        gave_up_at = CASE WHEN problem IS NOT NULL AND (pause_seconds IS NULL OR kept.attempts >= 8) THEN now() END,
        next_attempt_at = greatest(kept.next_attempt_at, now() + coalesce(pause_seconds, 0) * interval '1 s'),
        problem = note_delivery.problem
    WHERE kept.client_id = of_client AND kept.id = delivery;
    DELETE FROM webhook_deliveries AS old
    WHERE old.client_id = of_client AND old.created_at < now() - interval '30 days';
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- The background queues, for monitoring: the number of waiting deliveries to webhooks, the time of the oldest, and the
-- days of history to be thinned, of which no more than 10,000 are counted. Reads the two indexes that the work itself
-- uses.
CREATE OR REPLACE FUNCTION dashboard.background_queues() RETURNS TABLE (
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

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.plan_outage_notices()');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.claim_deliveries(integer)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.note_delivery(bigint,bigint,text,bigint)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.background_queues()');
