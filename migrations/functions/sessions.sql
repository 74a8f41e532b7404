-- Channel session_changed: every process keeps revocations and memberships in memory. Payload s:<session id> for a
-- session that ended before its time, u:<user id> for a change of a person's memberships. A mere rotation sends nothing.
CREATE OR REPLACE FUNCTION dashboard.notify_session_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    PERFORM pg_notify('session_changed', 's:' || OLD.id);
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS dashboard_sessions_revoked ON dashboard_sessions;
CREATE TRIGGER dashboard_sessions_revoked AFTER UPDATE OF revoked_at ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION dashboard.notify_session_ended();

DROP TRIGGER IF EXISTS dashboard_sessions_deleted ON dashboard_sessions;
CREATE TRIGGER dashboard_sessions_deleted AFTER DELETE ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > now())
    EXECUTE FUNCTION dashboard.notify_session_ended();
