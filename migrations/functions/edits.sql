CREATE OR REPLACE FUNCTION dashboard.note_status_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.status_since := now();
    RETURN NEW;
END
$$;

-- dashboard_app has no UPDATE privilege on the column, so the service cannot backdate a status.
DROP TRIGGER IF EXISTS client_accounts_status_changed ON client_accounts;
CREATE TRIGGER client_accounts_status_changed BEFORE UPDATE OF status ON client_accounts
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION dashboard.note_status_change();

-- An edit on a page wins over earlier measurements and loses to later ones; a display name only to those that have another
-- value than the one that was replaced. dashboard_app cannot write the times.
CREATE OR REPLACE FUNCTION dashboard.note_edit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.handle <> NEW.handle THEN
        NEW.handle_measured_at := now();
        NEW.handle_lost_at := NULL;
    END IF;
    IF OLD.display_name <> NEW.display_name THEN
        NEW.display_name_measured_at := now();
        NEW.display_name_edited_over := coalesce(OLD.display_name_edited_over, OLD.display_name);
    END IF;
    IF OLD.url IS DISTINCT FROM NEW.url THEN
        NEW.url_measured_at := now();
    END IF;
    IF OLD.status <> NEW.status THEN
        NEW.status_measured_at := now();
    END IF;
    RETURN NEW;
END
$$;

-- bot.upsert_accounts sets the times itself, and turns the trigger off with app.reporting.
DROP TRIGGER IF EXISTS client_accounts_edited ON client_accounts;
CREATE TRIGGER client_accounts_edited BEFORE UPDATE OF handle, display_name, url, status ON client_accounts
    FOR EACH ROW
    WHEN (
        (OLD.handle, OLD.display_name, OLD.url, OLD.status)
            IS DISTINCT FROM (NEW.handle, NEW.display_name, NEW.url, NEW.status)
        AND current_setting('app.reporting', true) IS DISTINCT FROM 'on'
    )
    EXECUTE FUNCTION dashboard.note_edit();
