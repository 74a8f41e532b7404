-- Parses a batch. `reports` are the valid items, `rejected` is a JSON array with the fault of each other item.
CREATE OR REPLACE FUNCTION dashboard.read_post_reports(batch jsonb, OUT reports post_report[], OUT rejected jsonb)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    WITH known AS (
        SELECT '{platform,handle,accountExternalId,externalId,url,caption,postedAt,views,likes,comments,shares,measuredAt}'
            ::text[] AS fields
    ),
    items AS MATERIALIZED (
        SELECT (place - 1)::int AS place, item, item ->> 'platform' AS platform, item ->> 'handle' AS handle,
            item ->> 'accountExternalId' AS account_external_id, item ->> 'externalId' AS external_id,
            item ->> 'url' AS url, item ->> 'caption' AS caption, item ->> 'postedAt' AS posted_at,
            item ->> 'views' AS views, coalesce(count_if_known(item ->> 'likes'), '0') AS likes,
            coalesce(count_if_known(item ->> 'comments'), '0') AS comments,
            coalesce(count_if_known(item ->> 'shares'), '0') AS shares,
            item ->> 'measuredAt' AS measured_at
        FROM jsonb_array_elements(batch) WITH ORDINALITY AS elements (item, place)
    ),
    checked AS MATERIALIZED (
        SELECT items.*, CASE
            WHEN jsonb_typeof(item) <> 'object' THEN ''
            WHEN item - known.fields <> '{}' THEN '?'
            WHEN is_platform(platform) IS NOT TRUE THEN 'platform'
            WHEN account_external_id IS NOT NULL AND CASE jsonb_typeof(item -> 'accountExternalId')
                WHEN 'string' THEN NOT is_name(account_external_id, 200)
                ELSE key_fault(account_external_id, item -> 'accountExternalId') IS NOT NULL
            END THEN 'accountExternalId' || key_fault(account_external_id, item -> 'accountExternalId')
            WHEN account_external_id IS NULL AND handle IS NULL THEN 'handle'
            WHEN handle IS NOT NULL AND CASE jsonb_typeof(item -> 'handle')
                WHEN 'string' THEN NOT is_handle(handle) ELSE key_fault(handle, item -> 'handle') IS NOT NULL
            END THEN 'handle' || key_fault(handle, item -> 'handle')
            WHEN external_id IS NULL THEN 'externalId'
            WHEN CASE jsonb_typeof(item -> 'externalId')
                WHEN 'string' THEN NOT is_name(external_id, 200)
                ELSE key_fault(external_id, item -> 'externalId') IS NOT NULL
            END THEN 'externalId' || key_fault(external_id, item -> 'externalId')
            WHEN NOT is_link(url) THEN 'url'
            WHEN caption IS NOT NULL AND (
                jsonb_typeof(item -> 'caption') <> 'string'
                OR caption ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'
            ) THEN 'caption'
            WHEN is_moment(posted_at) IS NOT TRUE THEN 'postedAt' || coalesce(moment_fault(posted_at), '')
            WHEN moment_of(posted_at) NOT BETWEEN '2000-01-01 00:00Z' AND latest_moment()
                THEN 'postedAt' || coalesce(moment_fault(posted_at), '')
            WHEN is_count(views) IS NOT TRUE THEN 'views'
            WHEN NOT is_count(likes) THEN 'likes'
            WHEN NOT is_count(comments) THEN 'comments'
            WHEN NOT is_count(shares) THEN 'shares'
            WHEN is_moment(measured_at) IS NOT TRUE THEN 'measuredAt' || coalesce(moment_fault(measured_at), '')
            WHEN moment_of(measured_at) NOT BETWEEN '2000-01-01 00:00Z' AND latest_moment()
                THEN 'measuredAt' || coalesce(moment_fault(measured_at), '')
        END AS fault
        FROM items CROSS JOIN known
    )
    SELECT (
        SELECT coalesce(array_agg(ROW(
            place, account_key(
                platform, lower(key_of(handle, item -> 'handle')), key_of(account_external_id, item -> 'accountExternalId')
            ), platform, key_of(external_id, item -> 'externalId'), url,
            left(caption, 5000), moment_of(posted_at), count_of(views), count_of(likes), count_of(comments),
            count_of(shares), moment_of(measured_at), NULL, NULL, NULL, NULL, NULL, NULL
        )::post_report), '{}')
        FROM checked WHERE fault IS NULL
    ), (
        SELECT coalesce(jsonb_agg(rejection(place, fault, item, fields)), '[]')
        FROM checked CROSS JOIN known WHERE fault IS NOT NULL
    )
$$;

-- Reports by a handle that another account had when they were measured name that account by its id instead.
CREATE OR REPLACE FUNCTION dashboard.name_past_holders(client bigint, reports post_report[]) RETURNS post_report[]
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    SELECT coalesce(array_agg(ROW(
        said.place, CASE WHEN past.external_id IS NULL THEN said.account_key
            ELSE account_key(said.platform, NULL, past.external_id) END,
        said.platform, said.external_id, said.url, said.caption, said.posted_at, said.views, said.likes, said.comments,
        said.shares, said.measured_at, said.account_id, said.post_id, said.sets_numbers, said.sets_url, said.sets_caption,
        said.fault
    )::post_report), '{}')
    FROM unnest(reports) AS said
    LEFT JOIN LATERAL (
        SELECT accounts.external_id
        FROM past_handles JOIN client_accounts AS accounts
            ON accounts.client_id = client AND accounts.id = past_handles.account_id
        WHERE past_handles.client_id = client AND past_handles.platform = said.platform
            AND past_handles.handle_key = substr(said.account_key, strpos(said.account_key, ' ') + 1)
            AND past_handles.until > said.measured_at
        ORDER BY past_handles.until
        LIMIT 1
    ) AS past ON said.account_key NOT LIKE '% @%'
$$;

-- Finds account and post of each report, and which of its values are newer than the stored ones. Call it with the
-- accounts locked. A report gets a fault if it has no account, belongs to another account or is past the retention. Of
-- several accounts that a batch gives for a new post, the one with the smallest id has it.
CREATE OR REPLACE FUNCTION dashboard.place_post_reports(client bigint, reports post_report[]) RETURNS post_report[]
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp SET enable_incremental_sort = off AS $$
#variable_conflict use_column
DECLARE
    account_keys constant text[] := ARRAY(SELECT DISTINCT account_key FROM unnest(reports));
    oldest constant timestamptz := (
        SELECT statement_timestamp() - make_interval(days => post_retention_days)
        FROM guild_settings WHERE client_id = client
    );
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            place, account_key, platform, external_id, url, caption, posted_at, views, likes, comments, shares,
            measured_at, account_id, post_id,
            numbers_are_news AND row_number() OVER (of_post ORDER BY numbers_are_news DESC, measured_at DESC,
                views DESC, likes DESC, comments DESC, shares DESC, posted_at DESC, place) = 1,
            url_is_news AND row_number() OVER (of_post
                ORDER BY url_is_news DESC, measured_at DESC, url COLLATE "C" DESC, place) = 1,
            caption_is_news AND row_number() OVER (of_post
                ORDER BY caption_is_news DESC, measured_at DESC, caption COLLATE "C" DESC, place) = 1,
            fault
        )::post_report
        FROM (
            SELECT said.place, said.account_key, said.platform, said.external_id, said.url, said.caption,
                said.posted_at, said.views, said.likes, said.comments, said.shares, said.measured_at,
                accounts.account_id, posts.id AS post_id,
                CASE WHEN posts.id IS NULL THEN said.platform || ' ' || said.external_id END COLLATE "C" AS new_key,
                posts.id IS NULL OR posts.measured_at IS NULL
                    OR (said.measured_at, said.views, said.likes, said.comments, said.shares, said.posted_at)
                        > (posts.measured_at, posts.views, posts.likes, posts.comments, posts.shares, posts.posted_at)
                    AS numbers_are_news,
                said.url IS NOT NULL AND (posts.url_measured_at IS NULL
                    OR (said.measured_at, said.url COLLATE "C") > (posts.url_measured_at, posts.url)) AS url_is_news,
                said.caption IS NOT NULL AND (posts.caption_measured_at IS NULL
                    OR (said.measured_at, said.caption COLLATE "C") > (posts.caption_measured_at, posts.caption))
                    AS caption_is_news,
                CASE
                    WHEN accounts.account_id IS NULL THEN 'account'
                    WHEN posts.account_id <> accounts.account_id THEN 'externalId'
                    WHEN said.posted_at < oldest THEN 'postedAt'
                    WHEN posts.id IS NULL AND accounts.account_id <> min(accounts.account_id) OVER (
                        PARTITION BY posts.id,
                            CASE WHEN posts.id IS NULL THEN said.platform || ' ' || said.external_id END COLLATE "C"
                    ) THEN 'externalId'
                END AS fault
            FROM unnest(reports) AS said
            LEFT JOIN find_accounts(client, account_keys) AS accounts ON accounts.account_key = said.account_key
            LEFT JOIN posts ON posts.client_id = client AND posts.platform = said.platform
                AND posts.external_id = said.external_id
        ) AS placed
        WINDOW of_post AS (PARTITION BY fault IS NULL, post_id, new_key)
    );
END
$$;

-- Inserts new posts. Returns their reports with the posts' ids, without those whose post was inserted for another
-- account at the same moment.
CREATE OR REPLACE FUNCTION dashboard.add_posts(client bigint, reports post_report[]) RETURNS post_report[]
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    reports := ARRAY(SELECT one FROM unnest(reports) AS one WHERE (one).post_id IS NULL AND (one).fault IS NULL);
    INSERT INTO posts (
        client_id, account_id, platform, external_id, url, url_measured_at, caption, caption_measured_at,
        posted_at, views, likes, comments, shares, measured_at
    )
    SELECT client, max(account_id), platform, external_id,
        max(url) FILTER (WHERE sets_url), max(measured_at) FILTER (WHERE sets_url),
        coalesce(max(caption) FILTER (WHERE sets_caption), ''), max(measured_at) FILTER (WHERE sets_caption),
        max(posted_at) FILTER (WHERE sets_numbers), max(views) FILTER (WHERE sets_numbers),
        max(likes) FILTER (WHERE sets_numbers), max(comments) FILTER (WHERE sets_numbers),
        max(shares) FILTER (WHERE sets_numbers), max(measured_at) FILTER (WHERE sets_numbers)
    FROM unnest(reports)
    GROUP BY platform, external_id
    ORDER BY platform, external_id
    ON CONFLICT DO NOTHING;
    -- By the index again: a join with RETURNING would compare each with each, the planner expecting few.
    RETURN ARRAY(
        SELECT ROW(
            said.place, said.account_key, said.platform, said.external_id, said.url, said.caption, said.posted_at,
            said.views, said.likes, said.comments, said.shares, said.measured_at, said.account_id, posts.id,
            said.sets_numbers, said.sets_url, said.sets_caption, NULL
        )::post_report
        FROM unnest(reports) AS said
        JOIN posts ON posts.client_id = client AND posts.platform = said.platform
            AND posts.external_id = said.external_id AND posts.account_id = said.account_id
    );
END
$$;

-- Updates the posts that existed before.
CREATE OR REPLACE FUNCTION dashboard.update_posts(client bigint, reports post_report[]) RETURNS void
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE posts SET
        posted_at = coalesce(news.posted_at, posts.posted_at),
        views = coalesce(news.views, posts.views),
        likes = coalesce(news.likes, posts.likes),
        comments = coalesce(news.comments, posts.comments),
        shares = coalesce(news.shares, posts.shares),
        measured_at = coalesce(news.measured_at, posts.measured_at),
        url = coalesce(news.url, posts.url),
        url_measured_at = coalesce(news.url_measured_at, posts.url_measured_at),
        caption = coalesce(news.caption, posts.caption),
        caption_measured_at = coalesce(news.caption_measured_at, posts.caption_measured_at)
    FROM (
        SELECT post_id,
            max(posted_at) FILTER (WHERE sets_numbers) AS posted_at,
            max(views) FILTER (WHERE sets_numbers) AS views,
            max(likes) FILTER (WHERE sets_numbers) AS likes,
            max(comments) FILTER (WHERE sets_numbers) AS comments,
            max(shares) FILTER (WHERE sets_numbers) AS shares,
            max(measured_at) FILTER (WHERE sets_numbers) AS measured_at,
            max(url) FILTER (WHERE sets_url) AS url,
            max(measured_at) FILTER (WHERE sets_url) AS url_measured_at,
            max(caption) FILTER (WHERE sets_caption) AS caption,
            max(measured_at) FILTER (WHERE sets_caption) AS caption_measured_at
        FROM unnest(reports)
        WHERE post_id IS NOT NULL AND fault IS NULL AND (sets_numbers OR sets_url OR sets_caption)
        GROUP BY post_id
    ) AS news
    WHERE posts.client_id = client AND posts.id = news.post_id;
END
$$;

-- Stores each measurement in the history of its post. Of two of one moment, the greater numbers are kept. Returns the
-- places in the batch of the points that are new.
CREATE OR REPLACE FUNCTION dashboard.keep_post_history(client bigint, reports post_report[]) RETURNS int[]
LANGUAGE plpgsql SET search_path = dashboard, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    places int[];
BEGIN
    -- The day before the points: thinning locks in the same order.
    PERFORM dashboard.list_history_days(client, ARRAY(SELECT DISTINCT measured_at::date FROM unnest(reports)));

    WITH points AS MATERIALIZED (
        SELECT DISTINCT ON (post_id, measured_at) post_id, measured_at, views, likes, comments, shares, place
        FROM unnest(reports)
        ORDER BY post_id, measured_at, views DESC, likes DESC, comments DESC, shares DESC, place
    ),
    added AS (
        INSERT INTO post_metrics AS kept (client_id, post_id, measured_at, views, likes, comments, shares)
        SELECT client, post_id, measured_at, views, likes, comments, shares FROM points
        ON CONFLICT (client_id, post_id, measured_at) DO UPDATE SET
            views = excluded.views, likes = excluded.likes, comments = excluded.comments, shares = excluded.shares
            WHERE (excluded.views, excluded.likes, excluded.comments, excluded.shares)
                > (kept.views, kept.likes, kept.comments, kept.shares)
        RETURNING post_id, measured_at
    )
    SELECT coalesce(array_agg(place), '{}') INTO places
    FROM (
        SELECT max(place) AS place
        FROM (
            SELECT post_id, measured_at, place FROM points UNION ALL SELECT post_id, measured_at, NULL FROM added
        ) AS both_of_them
        GROUP BY post_id, measured_at
        HAVING count(*) = 2
    ) AS fresh;
    RETURN places;
END
$$;

-- Posts and their numbers, as they were at measuredAt. Returns {"stored": …, "unchanged": …, "rejected": [{"index": …,
-- "field": …, "message": …}], "repaired": …}; the first three together are as many as the batch has items. `notes` are
-- those of parse_batch.
CREATE OR REPLACE FUNCTION dashboard.store_posts(guild_id bigint, batch jsonb, notes jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = dashboard, pg_temp SET timezone = 'UTC' SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := coalesce(current_setting('app.scope', true), '');
    outer_client constant text := coalesce(current_setting('app.client_id', true), '');
    client constant bigint := dashboard.enter_guild(store_posts.guild_id, batch);
    said record;
    placed post_report[];
    accepted post_report[];
    stored int;
    rejected jsonb;
    answer jsonb;
BEGIN
    SELECT * INTO said FROM dashboard.read_post_reports(batch);
    PERFORM dashboard.hold_thinning(client, (SELECT min(measured_at) FROM unnest(said.reports)));
    IF EXISTS (SELECT FROM past_handles WHERE client_id = client) THEN
        said.reports := dashboard.name_past_holders(client, said.reports);
    END IF;

    -- In the order of their ids, so that two batches never wait for each other in a circle. Any other code that
    -- changes several accounts or posts of a tenant must first lock the accounts in this order.
    PERFORM FROM client_accounts
    WHERE client_id = client AND id IN (
        SELECT account_id
        FROM dashboard.find_accounts(client, ARRAY(SELECT DISTINCT account_key FROM unnest(said.reports)))
    )
    ORDER BY id
    FOR NO KEY UPDATE;

    placed := dashboard.place_post_reports(client, said.reports);
    PERFORM dashboard.update_posts(client, placed);
    accepted := ARRAY(SELECT one FROM unnest(placed) AS one WHERE (one).post_id IS NOT NULL AND (one).fault IS NULL)
        || dashboard.add_posts(client, placed);
    stored := (
        SELECT count(*) FROM (
            SELECT unnest(dashboard.keep_post_history(client, accepted))
            UNION
            SELECT place FROM unnest(accepted) WHERE sets_numbers OR sets_url OR sets_caption
        ) AS places
    );
    UPDATE client_accounts AS accounts SET last_post_at = newest.posted_at
    FROM (SELECT account_id, max(posted_at) AS posted_at FROM unnest(accepted) GROUP BY account_id) AS newest
    WHERE accounts.client_id = client AND accounts.id = newest.account_id
        AND accounts.last_post_key < newest.posted_at;

    rejected := said.rejected || (
        SELECT coalesce(jsonb_agg(jsonb_build_object('index', placed.place) || CASE placed.fault
            WHEN 'account' THEN jsonb_build_object(
                'field', CASE WHEN batch -> placed.place ->> 'accountExternalId' IS NULL THEN 'handle'
                    ELSE 'accountExternalId' END,
                'message', 'names no account of this server: upsert_accounts makes it', 'reason', 'unknown_account'
            )
            WHEN 'postedAt' THEN jsonb_build_object(
                'field', 'postedAt', 'message', 'is longer ago than this server keeps posts', 'reason', 'past_retention'
            )
            ELSE jsonb_build_object(
                'field', 'externalId', 'message', 'is a post of another account', 'reason', 'post_of_another_account'
            )
        END), '[]')
        FROM unnest(placed) AS placed
        WHERE placed.place NOT IN (SELECT place FROM unnest(accepted))
    );
    IF stored > 0 THEN
        PERFORM pg_notify('tracking_changed', store_posts.guild_id::text);
    END IF;
    answer := dashboard.batch_answer(client, 'posts', batch, stored, cardinality(accepted), rejected, notes);
    PERFORM set_config('app.scope', outer_scope, true), set_config('app.client_id', outer_client, true);
    RETURN answer;
END
$$;

-- The same batch as text: PostgreSQL reads it item by item if one of them is not JSON that it can hold.
CREATE OR REPLACE FUNCTION bot.record_posts(guild_id bigint, batch text) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_posts(guild_id, parsed.items, parsed.notes) FROM dashboard.parse_batch(batch, false) AS parsed
$$;

CREATE OR REPLACE FUNCTION bot.record_posts(guild_id bigint, batch jsonb) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_posts(guild_id, batch, NULL)
$$;

-- For a request: the body is an object with the field `items`.
CREATE OR REPLACE FUNCTION dashboard.store_posts_of_request(guild_id bigint, body text) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
    SELECT dashboard.store_posts(guild_id, parsed.items, parsed.notes) FROM dashboard.parse_batch(body, true) AS parsed
$$;

SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.record_posts(bigint,jsonb) TO tracking_bot');
SELECT dashboard.grant_if_role('tracking_bot', 'GRANT EXECUTE ON FUNCTION bot.record_posts(bigint,text) TO tracking_bot');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION bot.record_posts(bigint,jsonb)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.store_posts_of_request(bigint,text)');
