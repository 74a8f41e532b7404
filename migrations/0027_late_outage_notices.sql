-- A notice of the beginning of an outage that could not be delivered before its end is not delivered after it: the
-- notice of the end says from when to when it was.
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
            -- Whoever was not told of the beginning need not hear of the end.
            AND (incident.ended_at IS NULL OR incident.is_start_told)
        ORDER BY settings.client_id
        ON CONFLICT DO NOTHING;
        UPDATE bot_incidents SET is_start_told = true, is_end_told = incident.ended_at IS NOT NULL
        WHERE id = incident.id;
    END LOOP;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;
