-- Parses a batch. `reports` are the valid items, `rejected` is a JSON array with the fault of each other item.
CREATE OR REPLACE FUNCTION dashboard.read_account_reports(batch jsonb, OUT reports account_report[], OUT rejected jsonb)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    WITH known AS (
        SELECT '{platform,handle,externalId,displayName,url,brand,group,status,followers,measuredAt}'::text[] AS fields
    ),
    items AS MATERIALIZED (
        SELECT (place - 1)::int AS place, item, item ->> 'platform' AS platform, item ->> 'handle' AS handle,
            item ->> 'externalId' AS external_id, item ->> 'displayName' AS display_name, item ->> 'url' AS url,
            item ->> 'brand' AS brand, item ->> 'group' AS group_name, item ->> 'status' AS status,
            count_if_known(item ->> 'followers') AS followers, item ->> 'measuredAt' AS measured_at
        FROM jsonb_array_elements(batch) WITH ORDINALITY AS elements (item, place)
    ),
    checked AS MATERIALIZED (
        SELECT items.*, CASE
            WHEN jsonb_typeof(item) <> 'object' THEN ''
            WHEN item - known.fields <> '{}' THEN '?'
            WHEN is_platform(platform) IS NOT TRUE THEN 'platform'
            WHEN handle IS NULL THEN 'handle'
            WHEN CASE jsonb_typeof(item -> 'handle')
                WHEN 'string' THEN NOT is_handle(handle) ELSE key_fault(handle, item -> 'handle') IS NOT NULL
            END THEN 'handle' || key_fault(handle, item -> 'handle')
            WHEN external_id IS NOT NULL AND CASE jsonb_typeof(item -> 'externalId')
                WHEN 'string' THEN NOT is_name(external_id, 200)
                ELSE key_fault(external_id, item -> 'externalId') IS NOT NULL
            END THEN 'externalId' || key_fault(external_id, item -> 'externalId')
            WHEN display_name IS NOT NULL AND (
                jsonb_typeof(item -> 'displayName') <> 'string' OR length(display_name) > 200
                OR has_refused(display_name)
            ) THEN 'displayName'
            WHEN NOT is_link(url) THEN 'url'
            WHEN brand IS NOT NULL AND (jsonb_typeof(item -> 'brand') <> 'string' OR NOT is_title(brand, 100))
                OR brand IS NULL AND group_name IS NOT NULL THEN 'brand'
            WHEN group_name IS NOT NULL AND (
                jsonb_typeof(item -> 'group') <> 'string' OR NOT is_title(group_name, 100)
            ) THEN 'group'
            WHEN status NOT IN ('active', 'paused', 'private', 'suspended', 'not_found', 'error') THEN 'status'
            WHEN NOT is_count(followers) THEN 'followers'
            WHEN is_moment(measured_at) IS NOT TRUE THEN 'measuredAt' || coalesce(moment_fault(measured_at), '')
            WHEN moment_of(measured_at) NOT BETWEEN '2000-01-01 00:00Z' AND latest_moment()
                THEN 'measuredAt' || coalesce(moment_fault(measured_at), '')
        END AS fault
        FROM items CROSS JOIN known
    )
    SELECT (
        SELECT coalesce(array_agg(ROW(
            place, platform, key_of(handle, item -> 'handle'), lower(key_of(handle, item -> 'handle')),
            key_of(external_id, item -> 'externalId'),
            -- Some people give their account a blank name.
            CASE WHEN display_name ~ '[!-~]' OR is_seen(display_name) THEN display_name
                WHEN display_name IS NOT NULL THEN '' END, url, coalesce(brand, 'Unsorted'),
            coalesce(group_name, 'Unsorted'), status, count_of(followers), moment_of(measured_at), NULL, NULL, NULL
        )::account_report), '{}')
        FROM checked WHERE fault IS NULL
    ), (
        SELECT coalesce(jsonb_agg(rejection(place, fault, item, fields)), '[]')
        FROM checked CROSS JOIN known WHERE fault IS NOT NULL
    )
$$;

-- Finds the account of each report: by the platform's id, where it is known, otherwise by the handle. A report without
-- an id means the account to which another report of the batch gives the same handle. Call it with the accounts
-- locked. A handle moves to the account that is reported with it later, if that is known by its id; a report that would
-- give a handle to a second account otherwise gets a fault.
CREATE OR REPLACE FUNCTION dashboard.place_account_reports(client bigint, reports account_report[]) RETURNS account_report[]
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    WITH said AS MATERIALIZED (
        SELECT one.*, coalesce(one.external_id, max(one.external_id COLLATE "C")
            OVER (PARTITION BY one.platform, one.handle_key)) AS known_id
        FROM unnest(reports) AS one
    ),
    -- The rows for its id and its handle. A row without an id takes the id that is reported with its handle.
    found AS MATERIALIZED (
        SELECT said.*, by_handle.id AS holder, coalesce(
            by_id.id,
            min(by_handle.id) FILTER (WHERE by_handle.external_id IS NULL)
                OVER (PARTITION BY said.platform, said.known_id, CASE WHEN said.known_id IS NULL THEN said.handle_key END),
            CASE WHEN said.known_id IS NULL THEN by_handle.id END
        ) AS found_id
        FROM said
        LEFT JOIN client_accounts AS by_id ON by_id.client_id = client AND by_id.platform = said.platform
            AND by_id.external_id = said.known_id
        LEFT JOIN client_accounts AS by_handle ON by_handle.client_id = client
            AND by_handle.platform = said.platform AND by_handle.handle_key = said.handle_key
    ),
    keyed AS MATERIALIZED (
        SELECT found.*, platform || CASE
            WHEN found_id IS NOT NULL THEN ' = ' || found_id
            WHEN known_id IS NOT NULL THEN ' @ ' || known_id
            ELSE ' ' || handle_key
        END AS key
        FROM found
    ),
    -- The accounts that would get another handle, or their first one.
    takers AS MATERIALIZED (
        SELECT newest.* FROM (
            SELECT DISTINCT ON (key) key, platform, handle, handle_key, measured_at, found_id, holder FROM keyed
            ORDER BY key, measured_at DESC, handle COLLATE "C" DESC
        ) AS newest
        LEFT JOIN client_accounts AS accounts ON accounts.client_id = client AND accounts.id = newest.found_id
        WHERE (newest.found_id IS NULL OR newest.holder IS DISTINCT FROM newest.found_id)
            AND (accounts.handle_measured_at IS NULL
                OR (newest.measured_at, newest.handle COLLATE "C") > (accounts.handle_measured_at, accounts.handle))
    ),
    -- When each holder was last known to have its handle: by its row, or by a report of this batch.
    held AS MATERIALIZED (
        SELECT holders.id, greatest(coalesce(holders.handle_measured_at, holders.created_at), (
            SELECT max(keyed.measured_at) FROM keyed
            WHERE keyed.found_id = holders.id AND keyed.handle_key = holders.handle_key
        )) AS last_at
        FROM client_accounts AS holders
        WHERE holders.client_id = client AND holders.id IN (SELECT holder FROM takers)
    ),
    refused AS MATERIALIZED (
        SELECT takers.key FROM takers JOIN held ON held.id = takers.holder WHERE takers.measured_at <= held.last_at
        UNION
        SELECT key FROM (
            SELECT key, row_number() OVER (
                PARTITION BY platform, handle_key ORDER BY measured_at DESC, key COLLATE "C"
            ) AS rank
            FROM takers
        ) AS ranked
        WHERE rank > 1
    )
    SELECT coalesce(array_agg(ROW(
        place, platform, handle, handle_key, known_id, display_name, url, brand, group_name, status, followers,
        measured_at, key, found_id, CASE WHEN key IN (SELECT key FROM refused) THEN 'handle' END
    )::account_report ORDER BY place), '{}')
    FROM keyed
$$;

-- Takes handles from accounts whose handle belongs to another one by these reports, so that that can have it. They get a
-- placeholder until their next report. Returns their handles by their ids.
CREATE OR REPLACE FUNCTION dashboard.take_handles(client bigint, reports account_report[]) RETURNS jsonb
LANGUAGE sql SET search_path = dashboard, pg_temp AS $$
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (account_key) account_key, account_id, platform, handle, handle_key, measured_at
        FROM unnest(reports) WHERE fault IS NULL
        ORDER BY account_key, measured_at DESC, handle COLLATE "C" DESC
    ),
    lost AS MATERIALIZED (
        SELECT holders.id, holders.platform, holders.handle, holders.handle_key, newest.measured_at
        FROM newest
        LEFT JOIN client_accounts AS own ON own.client_id = client AND own.id = newest.account_id
        JOIN client_accounts AS holders ON holders.client_id = client AND holders.platform = newest.platform
            AND holders.handle_key = newest.handle_key AND holders.id IS DISTINCT FROM newest.account_id
        WHERE own.handle_measured_at IS NULL
            OR (newest.measured_at, newest.handle COLLATE "C") > (own.handle_measured_at, own.handle)
    ),
    kept AS (
        INSERT INTO past_handles (client_id, platform, handle_key, until, account_id)
        SELECT client, platform, handle_key, measured_at, id FROM lost ON CONFLICT DO NOTHING
    ),
    marked AS (
        UPDATE client_accounts AS accounts SET handle_lost_at = now(), version = accounts.version + 1, updated_at = now(),
            -- No platform has handles with a question mark.
            handle = (
                SELECT free.handle FROM (
                    SELECT left(lost.handle, 70) || repeat('?', marks) || accounts.id AS handle, marks
                    FROM generate_series(1, 9) AS marks
                ) AS free
                WHERE NOT EXISTS (
                    SELECT FROM client_accounts AS others WHERE others.client_id = client
                        AND others.platform = lost.platform AND others.handle_key = lower(free.handle)
                )
                ORDER BY free.marks LIMIT 1
            )
        FROM lost WHERE accounts.client_id = client AND accounts.id = lost.id
    )
    SELECT coalesce(jsonb_object_agg(id::text, handle), '{}') FROM lost
$$;

-- Inserts new accounts, with their brands and groups if these are missing. Returns the number of each.
CREATE OR REPLACE FUNCTION dashboard.add_accounts(
    client bigint, reports account_report[], OUT brands int, OUT groups int, OUT accounts int
)
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- Of several brands in one batch, the newest report's.
    reports := ARRAY(
        SELECT one FROM (
            SELECT DISTINCT ON (one.account_key) one FROM unnest(reports) AS one
            WHERE one.account_id IS NULL AND one.fault IS NULL
            ORDER BY one.account_key, one.measured_at DESC, one.handle COLLATE "C" DESC, one.brand = 'Unsorted',
                one.brand COLLATE "C", one.group_name COLLATE "C"
        ) AS newest
    );

    INSERT INTO brands (client_id, name)
    SELECT client, min(brand COLLATE "C") FROM unnest(reports) GROUP BY lower(brand) ORDER BY 2
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS brands = ROW_COUNT;

    INSERT INTO account_groups (client_id, brand_id, name)
    SELECT client, known.id, min(said.group_name COLLATE "C")
    FROM unnest(reports) AS said
    JOIN brands AS known ON known.client_id = client AND known.name_key = lower(said.brand)
    GROUP BY known.id, lower(said.group_name)
    ORDER BY 2, 3
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS groups = ROW_COUNT;

    INSERT INTO client_accounts (client_id, group_id, platform, handle, external_id)
    SELECT client, known_groups.id, said.platform, said.handle, said.external_id
    FROM unnest(reports) AS said
    JOIN brands AS known ON known.client_id = client AND known.name_key = lower(said.brand)
    JOIN account_groups AS known_groups ON known_groups.client_id = client AND known_groups.brand_id = known.id
        AND known_groups.name_key = lower(said.group_name)
    ORDER BY said.platform, said.handle_key
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS accounts = ROW_COUNT;
END
$$;

-- Updates accounts value by value: for each value, the latest measurement wins. `changes` is for the audit log.
-- `lost` has the handles that take_handles took.
DROP FUNCTION IF EXISTS dashboard.update_accounts(bigint, account_report[]);
CREATE OR REPLACE FUNCTION dashboard.update_accounts(
    client bigint, reports account_report[], lost jsonb, OUT changes jsonb, OUT changed bigint[]
)
LANGUAGE sql SET search_path = dashboard, pg_temp AS $$
    WITH newest AS MATERIALIZED (
        SELECT account_id, max(external_id) AS external_id,
            (array_agg(handle ORDER BY measured_at DESC, handle COLLATE "C" DESC))[1] AS handle,
            max(measured_at) AS handle_at,
            (array_agg(display_name ORDER BY measured_at DESC, display_name COLLATE "C" DESC)
                FILTER (WHERE display_name IS NOT NULL))[1] AS display_name,
            max(measured_at) FILTER (WHERE display_name IS NOT NULL) AS display_name_at,
            (array_agg(url ORDER BY measured_at DESC, url COLLATE "C" DESC) FILTER (WHERE url IS NOT NULL))[1] AS url,
            max(measured_at) FILTER (WHERE url IS NOT NULL) AS url_at,
            (array_agg(status ORDER BY measured_at DESC, status COLLATE "C" DESC)
                -- Pausing is for admins: no report pauses an account, or resumes it.
                FILTER (WHERE status <> 'paused'))[1] AS status,
            max(measured_at) FILTER (WHERE status <> 'paused') AS status_at,
            (array_agg(followers ORDER BY measured_at DESC, followers DESC) FILTER (WHERE followers IS NOT NULL))[1]
                AS followers,
            max(measured_at) FILTER (WHERE followers IS NOT NULL) AS followers_at
        FROM unnest(reports)
        GROUP BY account_id
    ),
    -- NULL: the report has no newer value.
    news AS MATERIALIZED (
        SELECT old.id, old.platform, coalesce(lost ->> old.id::text, old.handle) AS old_handle, old.status AS old_status, old.created_at = now() AS is_new,
            CASE WHEN old.external_id IS NULL THEN said.external_id END AS external_id,
            CASE WHEN old.handle_measured_at IS NULL OR (said.handle_at, said.handle COLLATE "C")
                > (old.handle_measured_at, old.handle) THEN said.handle END AS handle,
            CASE WHEN said.display_name IS NOT NULL AND said.display_name IS DISTINCT FROM old.display_name_edited_over
                AND (old.display_name_measured_at IS NULL
                OR (said.display_name_at, said.display_name COLLATE "C")
                    > (old.display_name_measured_at, old.display_name)) THEN said.display_name END AS display_name,
            CASE WHEN said.url IS NOT NULL AND (old.url_measured_at IS NULL
                OR (said.url_at, said.url COLLATE "C") > (old.url_measured_at, old.url)) THEN said.url END AS url,
            CASE WHEN said.status IS NOT NULL AND old.status <> 'paused' AND (old.status_measured_at IS NULL
                OR (said.status_at, said.status COLLATE "C") > (old.status_measured_at, old.status))
                THEN said.status END AS status,
            CASE WHEN said.followers IS NOT NULL AND (old.followers_measured_at IS NULL
                OR (said.followers_at, said.followers) > (old.followers_measured_at, old.followers))
                THEN said.followers END AS followers,
            said.handle_at, said.display_name_at, said.url_at, said.status_at, said.followers_at
        FROM newest AS said
        JOIN client_accounts AS old ON old.client_id = client AND old.id = said.account_id
    ),
    updated AS (
        UPDATE client_accounts AS accounts SET
            external_id = coalesce(news.external_id, accounts.external_id),
            handle = coalesce(news.handle, accounts.handle),
            handle_measured_at = CASE WHEN news.handle IS NULL THEN accounts.handle_measured_at
                ELSE news.handle_at END,
            handle_lost_at = CASE WHEN news.handle IS NULL THEN accounts.handle_lost_at END,
            display_name = coalesce(news.display_name, accounts.display_name),
            display_name_edited_over = CASE WHEN news.display_name IS NULL THEN accounts.display_name_edited_over END,
            display_name_measured_at = CASE WHEN news.display_name IS NULL THEN accounts.display_name_measured_at
                ELSE news.display_name_at END,
            url = coalesce(news.url, accounts.url),
            url_measured_at = CASE WHEN news.url IS NULL THEN accounts.url_measured_at ELSE news.url_at END,
            status = coalesce(news.status, accounts.status),
            status_measured_at = CASE WHEN news.status IS NULL THEN accounts.status_measured_at
                ELSE news.status_at END,
            followers = coalesce(news.followers, accounts.followers),
            followers_measured_at = CASE WHEN news.followers IS NULL THEN accounts.followers_measured_at
                ELSE news.followers_at END,
            -- A change of followers alone keeps the version, so that an open form can still be saved.
            version = accounts.version + edited.by_one,
            updated_at = CASE edited.by_one WHEN 0 THEN accounts.updated_at ELSE now() END
        FROM news
        JOIN client_accounts AS old ON old.client_id = client AND old.id = news.id
        CROSS JOIN LATERAL (
            SELECT (
                (coalesce(news.external_id, old.external_id), coalesce(news.handle, old.handle),
                    coalesce(news.display_name, old.display_name), coalesce(news.url, old.url),
                    coalesce(news.status, old.status))
                IS DISTINCT FROM (old.external_id, old.handle, old.display_name, old.url, old.status)
            )::int AS by_one
        ) AS edited
        WHERE accounts.client_id = client AND accounts.id = news.id AND num_nonnulls(
            news.external_id, news.handle, news.display_name, news.url, news.status, news.followers) > 0
        RETURNING accounts.id, accounts.handle, accounts.status, accounts.display_name, accounts.url, accounts.external_id,
            old.display_name AS old_display_name, old.url AS old_url, old.external_id AS old_external_id
    ),
    past AS (
        INSERT INTO past_handles (client_id, platform, handle_key, until, account_id)
        SELECT client, news.platform, lower(news.old_handle), news.handle_at, news.id
        FROM updated JOIN news ON news.id = updated.id
        WHERE lower(updated.handle) <> lower(news.old_handle) AND NOT lost ? news.id::text
        ON CONFLICT DO NOTHING
    )
    SELECT coalesce(jsonb_object_agg(fields.name, jsonb_build_array(fields.old, fields.new))
            FILTER (WHERE fields.old IS NOT NULL), '{}'),
        (SELECT coalesce(array_agg(id), '{}') FROM updated)
    FROM (
        SELECT 'handles' AS name, jsonb_agg(news.old_handle ORDER BY news.id) AS old,
            jsonb_agg(updated.handle ORDER BY news.id) AS new
        FROM updated JOIN news ON news.id = updated.id
        WHERE updated.handle <> news.old_handle
        UNION ALL
        SELECT 'statuses', jsonb_agg(updated.handle || ': ' || news.old_status ORDER BY news.id),
            jsonb_agg(updated.handle || ': ' || updated.status ORDER BY news.id)
        FROM updated JOIN news ON news.id = updated.id
        WHERE updated.status <> news.old_status AND NOT news.is_new
        UNION ALL
        SELECT texts.name, jsonb_agg(updated.handle || ': ' || coalesce(texts.old, '') ORDER BY news.id),
            jsonb_agg(updated.handle || ': ' || coalesce(texts.new, '') ORDER BY news.id)
        FROM updated JOIN news ON news.id = updated.id
        CROSS JOIN LATERAL (VALUES
            ('displayNames', updated.old_display_name, updated.display_name), ('urls', updated.old_url, updated.url),
            ('externalIds', updated.old_external_id, updated.external_id)
        ) AS texts (name, old, new)
        WHERE texts.old IS DISTINCT FROM texts.new AND NOT news.is_new
        GROUP BY texts.name
    ) AS fields
$$;

-- Stores each follower count in the history of its account. Of two counts of one moment, the greater is kept. Returns
-- the places in the batch of the points that are new.
CREATE OR REPLACE FUNCTION dashboard.keep_account_history(client bigint, reports account_report[]) RETURNS int[]
LANGUAGE plpgsql SET search_path = dashboard, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    places int[];
BEGIN
    PERFORM dashboard.list_history_days(client, ARRAY(SELECT DISTINCT measured_at::date FROM unnest(reports) WHERE followers IS NOT NULL));

    WITH points AS MATERIALIZED (
        SELECT DISTINCT ON (account_id, measured_at) account_id, measured_at, followers, place
        FROM unnest(reports)
        WHERE followers IS NOT NULL
        ORDER BY account_id, measured_at, followers DESC, place
    ),
    added AS (
        INSERT INTO account_metrics AS kept (client_id, account_id, measured_at, followers)
        SELECT client, account_id, measured_at, followers FROM points
        ON CONFLICT (client_id, account_id, measured_at) DO UPDATE SET followers = excluded.followers
            WHERE excluded.followers > kept.followers
        RETURNING account_id, measured_at
    )
    SELECT coalesce(array_agg(place), '{}') INTO places
    FROM (
        SELECT max(place) AS place
        FROM (
            SELECT account_id, measured_at, place FROM points
            UNION ALL
            SELECT account_id, measured_at, NULL FROM added
        ) AS both_of_them
        GROUP BY account_id, measured_at
        HAVING count(*) = 2
    ) AS fresh;
    RETURN places;
END
$$;

-- Accounts as they were at measuredAt. Returns the same as store_posts. New accounts get the reported brand and
-- group; reports never move an existing account. Accounts are never deleted: a deleted one has the status not_found.
CREATE OR REPLACE FUNCTION dashboard.store_accounts(guild_id bigint, batch jsonb, notes jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = dashboard, pg_temp SET timezone = 'UTC' SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := coalesce(current_setting('app.scope', true), '');
    outer_client constant text := coalesce(current_setting('app.client_id', true), '');
    client constant bigint := dashboard.enter_guild(store_accounts.guild_id, batch);
    said record;
    placed account_report[];
    accepted account_report[];
    lost jsonb;
    added record;
    updated record;
    stored int;
    changes jsonb;
    answer jsonb;
BEGIN
    SELECT * INTO said FROM dashboard.read_account_reports(batch);
    PERFORM dashboard.hold_thinning(client, (SELECT min(measured_at) FROM unnest(said.reports)));
    -- One batch of accounts at a time per guild, so that two batches do not insert the same account.
    PERFORM pg_advisory_xact_lock(hashtextextended('bot.upsert_accounts', client));
    PERFORM FROM client_accounts
    WHERE client_id = client AND id IN (
        SELECT by_handle.id FROM unnest(said.reports) AS one JOIN client_accounts AS by_handle
            ON by_handle.client_id = client AND by_handle.platform = one.platform
            AND by_handle.handle_key = one.handle_key
        UNION
        SELECT by_id.id FROM unnest(said.reports) AS one JOIN client_accounts AS by_id
            ON by_id.client_id = client AND by_id.platform = one.platform AND by_id.external_id = one.external_id
    )
    ORDER BY id
    FOR NO KEY UPDATE;

    placed := dashboard.place_account_reports(client, said.reports);
    PERFORM set_config('app.reporting', 'on', true);
    lost := dashboard.take_handles(client, placed);
    PERFORM set_config('app.reporting', '', true);
    added := dashboard.add_accounts(client, placed);
    -- Now the new ones have their ids.
    accepted := ARRAY(
        SELECT one FROM unnest(dashboard.place_account_reports(
            client, ARRAY(SELECT one FROM unnest(placed) AS one WHERE (one).fault IS NULL)
        )) AS one
        WHERE (one).fault IS NULL AND (one).account_id IS NOT NULL
    );
    PERFORM set_config('app.reporting', 'on', true);
    updated := dashboard.update_accounts(client, accepted, lost);
    PERFORM set_config('app.reporting', '', true);
    stored := (
        SELECT count(*) FROM (
            SELECT unnest(dashboard.keep_account_history(client, accepted))
            UNION
            SELECT place FROM (
                SELECT DISTINCT ON (account_id) account_id, place FROM unnest(accepted)
                ORDER BY account_id, measured_at DESC, place
            ) AS newest
            WHERE account_id = ANY (updated.changed)
        ) AS places
    );

    changes := updated.changes
        || CASE WHEN added.accounts > 0 THEN jsonb_build_object(
            'accounts', jsonb_build_array(NULL, added.accounts),
            'newAccounts', jsonb_build_object('from', NULL, 'to', (
                SELECT jsonb_agg(news.handle ORDER BY news.id) FROM client_accounts AS news
                WHERE news.client_id = client AND news.created_at = now()
                    AND news.id IN (SELECT one.account_id FROM unnest(accepted) AS one)
            ))) ELSE '{}' END
        || (
            -- Of those that got another one, the new handle is among `handles`.
            SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('lostHandles', jsonb_build_array(
                jsonb_agg(lost ->> accounts.id::text ORDER BY accounts.id), jsonb_agg(accounts.handle ORDER BY accounts.id)
            )) ELSE '{}' END
            FROM client_accounts AS accounts
            WHERE accounts.client_id = client AND accounts.handle_lost_at IS NOT NULL AND lost ? accounts.id::text
        )
        || CASE WHEN added.brands > 0 THEN jsonb_build_object('brands', jsonb_build_array(NULL, added.brands)) ELSE '{}' END
        || CASE WHEN added.groups > 0 THEN jsonb_build_object('groups', jsonb_build_array(NULL, added.groups)) ELSE '{}' END;
    IF changes <> '{}' THEN
        PERFORM dashboard.append_audit_at(
            NULL, client, 'bot', NULL, 'accounts.reported', 'guild', store_accounts.guild_id::text, changes, 'bot', NULL
        );
    END IF;
    IF stored > 0 THEN
        PERFORM pg_notify('tracking_changed', store_accounts.guild_id::text);
    END IF;
    answer := dashboard.batch_answer(client, 'accounts', batch, stored, cardinality(accepted), said.rejected || (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'index', one.place, 'field', 'handle', 'message', 'belongs to another account of this server', 'reason', 'handle_taken'
        )), '[]')
        FROM unnest(placed) AS one
        WHERE one.place NOT IN (SELECT place FROM unnest(accepted))
    ), notes);
    PERFORM set_config('app.scope', outer_scope, true), set_config('app.client_id', outer_client, true);
    RETURN answer;
END
$$;

-- The same batch as text: PostgreSQL reads it item by item if one of them is not JSON that it can hold.
CREATE OR REPLACE FUNCTION bot.upsert_accounts(guild_id bigint, batch text) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_accounts(guild_id, parsed.items, parsed.notes) FROM dashboard.parse_batch(batch, false) AS parsed
$$;

CREATE OR REPLACE FUNCTION bot.upsert_accounts(guild_id bigint, batch jsonb) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_accounts(guild_id, batch, NULL)
$$;

-- For a request: the body is an object with the field `items`.
CREATE OR REPLACE FUNCTION dashboard.store_accounts_of_request(guild_id bigint, body text) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_accounts(guild_id, parsed.items, parsed.notes) FROM dashboard.parse_batch(body, true) AS parsed
$$;

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.upsert_accounts(bigint,jsonb) TO tracking_bot');
SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.upsert_accounts(bigint,text) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.upsert_accounts(bigint,jsonb)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.store_accounts_of_request(bigint,text)');
