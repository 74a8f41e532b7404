-- What bots change of accounts is in the audit log whole, and what they send is read whole.

-- Brings accounts up to date, value by value. changes is for the audit log.
CREATE OR REPLACE FUNCTION dashboard.update_accounts(
    client bigint, reports account_report[], OUT changes jsonb, OUT changed bigint[]
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
                FILTER (WHERE status IS NOT NULL))[1] AS status,
            max(measured_at) FILTER (WHERE status IS NOT NULL) AS status_at,
            (array_agg(followers ORDER BY measured_at DESC, followers DESC) FILTER (WHERE followers IS NOT NULL))[1]
                AS followers,
            max(measured_at) FILTER (WHERE followers IS NOT NULL) AS followers_at
        FROM unnest(reports)
        GROUP BY account_id
    ),
    -- NULL: nothing newer was said.
    news AS MATERIALIZED (
        SELECT old.id, old.handle AS old_handle, old.status AS old_status, old.created_at = now() AS is_new,
            CASE WHEN old.external_id IS NULL THEN said.external_id END AS external_id,
            CASE WHEN old.handle_measured_at IS NULL OR (said.handle_at, said.handle COLLATE "C")
                > (old.handle_measured_at, old.handle) THEN said.handle END AS handle,
            CASE WHEN said.display_name IS NOT NULL AND (old.display_name_measured_at IS NULL
                OR (said.display_name_at, said.display_name COLLATE "C")
                    > (old.display_name_measured_at, old.display_name)) THEN said.display_name END AS display_name,
            CASE WHEN said.url IS NOT NULL AND (old.url_measured_at IS NULL
                OR (said.url_at, said.url COLLATE "C") > (old.url_measured_at, old.url)) THEN said.url END AS url,
            CASE WHEN said.status IS NOT NULL AND (old.status_measured_at IS NULL
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
            display_name = coalesce(news.display_name, accounts.display_name),
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
            -- Somebody's form stays good while only the followers move.
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

-- The items of a request's body, which has nothing else: a field that nobody knows must not vanish unsaid, nor one of two
-- with the same name.
CREATE FUNCTION dashboard.batch_items(body text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF json_typeof(body::json) <> 'object' OR ARRAY(SELECT json_object_keys(body::json)) <> ARRAY['items'] THEN
        RAISE EXCEPTION 'a batch is an object with the field items, once, and no other' USING ERRCODE = '22023';
    END IF;
    RETURN body::jsonb -> 'items';
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.batch_items(text)');
