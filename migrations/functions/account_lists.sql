-- Numbers a change of what bots read of accounts: one number for all changes of a transaction.
CREATE OR REPLACE FUNCTION dashboard.note_list_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    mark constant text := NEW.client_id || ' ' || pg_current_xact_id();
    noted constant text := coalesce(current_setting('app.list_version', true), '');
    outer_scope text;
BEGIN
    IF split_part(noted, ':', 1) = mark THEN
        NEW.list_version := split_part(noted, ':', 2)::bigint;
    ELSE
        -- An operator who edits an account by hand has set no tenant.
        outer_scope := dashboard.widen_scope();
        INSERT INTO account_lists AS lists (client_id, version) VALUES (NEW.client_id, 1)
        ON CONFLICT (client_id) DO UPDATE SET version = lists.version + 1
        RETURNING version INTO NEW.list_version;
        PERFORM set_config('app.list_version', mark || ':' || NEW.list_version, true),
            set_config('app.scope', outer_scope, true);
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS client_accounts_added_to_list ON client_accounts;
CREATE TRIGGER client_accounts_added_to_list BEFORE INSERT ON client_accounts
    FOR EACH ROW EXECUTE FUNCTION dashboard.note_list_change();

DROP TRIGGER IF EXISTS client_accounts_list_changed ON client_accounts;
CREATE TRIGGER client_accounts_list_changed BEFORE UPDATE OF external_id, handle, status ON client_accounts
    FOR EACH ROW
    WHEN (
        (OLD.external_id, OLD.handle, OLD.status = 'paused')
            IS DISTINCT FROM (NEW.external_id, NEW.handle, NEW.status = 'paused')
    )
    EXECUTE FUNCTION dashboard.note_list_change();

-- The accounts of a server, for a bot: 1,000 a page in the order of their ids. `after` is the `next` of the page before; with
-- `since`, only those that changed after that version of the list. `handle` is null while the account has a placeholder.
CREATE OR REPLACE FUNCTION bot.accounts(guild_id bigint, after bigint DEFAULT 0, since bigint DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := coalesce(current_setting('app.scope', true), '');
    outer_client constant text := coalesce(current_setting('app.client_id', true), '');
    client constant bigint := dashboard.enter_guild(accounts.guild_id, '[]');
    -- Before the accounts: what changes meanwhile is listed again with the next version.
    version constant bigint := (SELECT lists.version FROM account_lists AS lists WHERE lists.client_id = client);
    page jsonb;
BEGIN
    page := (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', listed.id::text, 'platform', listed.platform, 'externalId', listed.external_id,
            'handle', CASE WHEN listed.handle_lost_at IS NULL THEN listed.handle END,
            'paused', listed.status = 'paused'
        ) ORDER BY listed.id), '[]')
        FROM (
            SELECT id, platform, external_id, handle, handle_lost_at, status FROM client_accounts
            WHERE client_id = client AND id > coalesce(accounts.after, 0)
                AND (coalesce(accounts.since, 0) = 0 OR list_version > accounts.since)
            ORDER BY id
            LIMIT 1001
        ) AS listed
    );
    PERFORM set_config('app.scope', outer_scope, true), set_config('app.client_id', outer_client, true);
    RETURN jsonb_build_object(
        'items', page - 1000, 'version', coalesce(version, 0),
        'next', CASE WHEN jsonb_array_length(page) > 1000 THEN page -> 999 -> 'id' END
    );
END
$$;

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.accounts(bigint,bigint,bigint) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.accounts(bigint,bigint,bigint)');
