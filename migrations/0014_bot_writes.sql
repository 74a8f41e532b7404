-- What bot.record_posts (0015) and bot.upsert_accounts (0016) stand on. A bot repeats itself, sends late and from several
-- processes: the same reports have to end in the same rows in whatever order they come. So each value that a bot
-- reports has the time of its measurement, and of two reports of a value the later one wins; at the same time the
-- greater value, so that even this does not depend on the order.

ALTER TABLE client_accounts
    -- The times of the measurements that the values are from. NULL: no bot reported it, so any report is later.
    ADD COLUMN handle_measured_at timestamptz,
    ADD COLUMN display_name_measured_at timestamptz,
    ADD COLUMN url_measured_at timestamptz,
    ADD COLUMN status_measured_at timestamptz,
    ADD COLUMN followers_measured_at timestamptz,
    -- A report finds its account by it, also after a change of the handle.
    ADD CONSTRAINT client_accounts_external_id_unique UNIQUE (client_id, platform, external_id);

UPDATE client_accounts AS accounts SET followers_measured_at = newest.measured_at
FROM (
    SELECT client_id, account_id, max(measured_at) AS measured_at FROM account_metrics GROUP BY client_id, account_id
) AS newest
WHERE accounts.client_id = newest.client_id AND accounts.id = newest.account_id;

-- Numbers and posted_at are from measured_at. A bot may leave out url and caption, so these have times of their own.
ALTER TABLE posts
    ADD COLUMN url_measured_at timestamptz,
    ADD COLUMN caption_measured_at timestamptz;

-- What people change on a page is true from then on, until a bot measures later. They have no privilege on the times.
CREATE FUNCTION dashboard.note_edit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.handle <> NEW.handle THEN
        NEW.handle_measured_at := now();
    END IF;
    IF OLD.display_name <> NEW.display_name THEN
        NEW.display_name_measured_at := now();
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

-- bot.upsert_accounts sets the times itself, and says so (app.reporting).
CREATE TRIGGER client_accounts_edited BEFORE UPDATE OF handle, display_name, url, status ON client_accounts
    FOR EACH ROW
    WHEN (
        (OLD.handle, OLD.display_name, OLD.url, OLD.status)
            IS DISTINCT FROM (NEW.handle, NEW.display_name, NEW.url, NEW.status)
        AND current_setting('app.reporting', true) IS DISTINCT FROM 'on'
    )
    EXECUTE FUNCTION dashboard.note_edit();

-- The days (UTC) of which a client has history that has not been thinned since it was written: the list that the
-- thinning works off. A day comes back when a late measurement of it does.
CREATE TABLE history_days (
    client_id bigint NOT NULL REFERENCES clients (id),
    day date NOT NULL,
    -- How far the thinning of the day has come.
    thinned_to_post bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, day)
);

CREATE INDEX history_days_by_day ON history_days (day, client_id);

SELECT dashboard.protect_tenant_table('history_days', 'SELECT');

INSERT INTO history_days (client_id, day)
SELECT client_id, (measured_at AT TIME ZONE 'UTC')::date FROM post_metrics
UNION
SELECT client_id, (measured_at AT TIME ZONE 'UTC')::date FROM account_metrics;

-- Late measurements wait for the thinning of their client: it must not strike a day off the list that they are just
-- about to write to. Called before anything of the batch is locked.
CREATE FUNCTION dashboard.hold_thinning(of_client bigint, oldest timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF oldest < now() - interval '29 days' THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('dashboard.thin_metrics', of_client));
    END IF;
END
$$;

-- Puts days on the list, from their beginning.
CREATE FUNCTION dashboard.list_history_days(of_client bigint, days date[]) RETURNS void
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
-- client and day. Call it until it answers false: then nothing is left, or what is left is being written to. Any number
-- of processes may call it at once. Post by post, since then no statistics can lead it away from the primary key.
CREATE FUNCTION dashboard.thin_metrics(at_most int DEFAULT 200) RETURNS boolean
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

-- Deletes posts, with their history, that are older than their guild keeps posts. One short step of one client; call
-- it until it answers false.
CREATE FUNCTION dashboard.delete_expired_posts(at_most int DEFAULT 100) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    guild record;
    doomed bigint[];
    deleted int;
BEGIN
    FOR guild IN
        SELECT guilds.client_id, guilds.guild_id, now() - make_interval(days => settings.post_retention_days) AS oldest
        FROM guild_settings AS settings JOIN guilds ON guilds.client_id = settings.client_id
        WHERE EXISTS (
            SELECT FROM posts WHERE posts.client_id = settings.client_id
                AND posts.posted_at < now() - make_interval(days => settings.post_retention_days)
        )
        LIMIT 100
    LOOP
        EXIT WHEN pg_try_advisory_xact_lock(hashtextextended('dashboard.delete_expired_posts', guild.client_id));
        guild := NULL;
    END LOOP;
    IF guild IS NULL THEN
        PERFORM set_config('app.scope', outer_scope, true);
        RETURN false;
    END IF;

    doomed := ARRAY(
        SELECT id FROM posts WHERE client_id = guild.client_id AND posted_at < guild.oldest
        ORDER BY posted_at, id LIMIT at_most
    );
    -- As bot.record_posts does: whoever changes posts locks their accounts first, in the order of their ids.
    PERFORM FROM client_accounts
    WHERE client_id = guild.client_id AND id IN (
        SELECT account_id FROM posts WHERE client_id = guild.client_id AND id = ANY (doomed)
    )
    ORDER BY id
    FOR NO KEY UPDATE;
    DELETE FROM posts WHERE client_id = guild.client_id AND id = ANY (doomed) AND posted_at < guild.oldest;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    IF deleted > 0 THEN
        PERFORM dashboard.append_audit_at(
            NULL, guild.client_id, 'system', NULL, 'posts.expired', 'guild', guild.guild_id::text,
            jsonb_build_object('posts', jsonb_build_array(deleted, NULL)), 'background', NULL
        );
    END IF;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN true;
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.thin_metrics(int)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.delete_expired_posts(int)');
