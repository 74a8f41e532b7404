-- Since when an account has its status: what the overview shows beside a status that needs attention. updated_at
-- cannot say it, since every change of the row moves that.
ALTER TABLE client_accounts ADD COLUMN status_since timestamptz NOT NULL DEFAULT now();

-- Rows that were there before: the status is at least as old as the row's last change.
UPDATE client_accounts SET status_since = updated_at;

CREATE FUNCTION dashboard.note_status_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.status_since := now();
    RETURN NEW;
END
$$;

-- The app has no UPDATE on the column itself: whoever changes a status cannot backdate it.
CREATE TRIGGER client_accounts_status_changed BEFORE UPDATE OF status ON client_accounts
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION dashboard.note_status_change();
