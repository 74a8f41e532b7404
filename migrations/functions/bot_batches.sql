CREATE OR REPLACE FUNCTION dashboard.refuse(message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'invalid_parameter_value';
END
$$;

-- ISO 8601 with date, time and zone, of 2000 to 2099, and a date that exists: PostgreSQL would fail with the others,
-- and the batch with it. A blank may stand for T, seconds may be left out. COLLATE "C": no digits but 0 to 9, and faster.
CREATE OR REPLACE FUNCTION dashboard.is_extended_moment(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN value COLLATE "C"
            !~ '^20\d\d-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-5]\d(:[0-5]\d([.,]\d+)?)?([Zz]|[+-](0\d|1[0-4])(:?[0-5]\d)?)$' THEN false
        WHEN length(value) > 40 OR substr(value COLLATE "C", 12, 2) > '23'
            OR substr(value COLLATE "C", 6, 2) NOT BETWEEN '01' AND '12' OR substr(value, 9, 2) = '00' THEN false
        WHEN substr(value COLLATE "C", 9, 2) <= '28' THEN true
        -- Every fourth year of this century is a leap year.
        WHEN substr(value, 6, 2) = '02'
            THEN substr(value, 9, 2) = '29' AND substr(value, 3, 2) ~ '[02468][048]|[13579][26]'
        ELSE substr(value COLLATE "C", 9, 2) <= '30'
            OR substr(value, 9, 2) = '31' AND substr(value, 6, 2) NOT IN ('04', '06', '09', '11')
    END
$$;

-- Without separators: 20260501T120000Z. SET, here and below: not to be planned into each statement, since it is seldom called.
CREATE OR REPLACE FUNCTION dashboard.is_basic_moment(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = dashboard, pg_temp AS $$
    SELECT value COLLATE "C" ~ '^\d{8}[Tt ]\d{4}(\d\d)?\D' AND dashboard.is_extended_moment(regexp_replace(regexp_replace(
        value, '^(\d{4})(\d\d)(\d\d)(.)(\d\d)(\d\d)', '\1-\2-\3\4\5:\6'), '^(.{16})(\d\d)', '\1:\2'))
$$;

CREATE OR REPLACE FUNCTION dashboard.is_moment(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN dashboard.is_extended_moment(value) THEN true ELSE dashboard.is_basic_moment(value) END
$$;

-- The moment that is_moment accepts.
CREATE OR REPLACE FUNCTION dashboard.moment_of(value text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN strpos(value, ',') = 0 THEN value ELSE replace(value, ',', '.') END::timestamptz
$$;

-- What is wrong with a time: the suffix of a fault, NULL for nothing.
CREATE OR REPLACE FUNCTION dashboard.moment_fault(value text) RETURNS text
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    SELECT CASE
        WHEN dashboard.is_moment(value) THEN CASE
            WHEN dashboard.moment_of(value) < '2000-01-01 00:00Z' THEN ':early'
            WHEN dashboard.moment_of(value) > dashboard.latest_moment() THEN ':future'
        END
        WHEN value COLLATE "C" ~ '^\d{4}-?\d\d-?\d\d([Tt ]\d\d:?\d\d(:?\d\d([.,]\d+)?)?)?$' THEN ':zone'
        WHEN value COLLATE "C" ~ '^[01]\d{3}-?\d\d-?\d\d[Tt ]\d\d' THEN ':early'
        WHEN value COLLATE "C" ~ '^(2[1-9]|[3-9]\d)\d\d-?\d\d-?\d\d[Tt ]\d\d' THEN ':future'
        ELSE ''
    END
$$;

-- 15 digits are more than any platform counts, exact in JavaScript, and leave room for sums. 1234.0 is a whole number.
CREATE OR REPLACE FUNCTION dashboard.is_count(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- CASE: the second test is seldom needed, and slower.
    SELECT CASE
        WHEN length(value) BETWEEN 1 AND 15 AND ltrim(value, '0123456789') = '' THEN true
        ELSE value COLLATE "C" ~ '^\d{1,15}\.0{1,20}$'
    END
$$;

-- The value that is_count accepts.
CREATE OR REPLACE FUNCTION dashboard.count_of(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN strpos(value, '.') = 0 THEN value ELSE split_part(value, '.', 1) END::bigint
$$;

-- A negative count means unknown: Instagram's likes are -1 where they are hidden.
CREATE OR REPLACE FUNCTION dashboard.count_if_known(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value LIKE '-%' AND dashboard.is_count(substr(value, 2)) THEN NULL ELSE value END
$$;

-- What is wrong with an id or handle that is no text: the suffix of a fault, NULL for nothing. A JSON number from 2^53 on may have
-- been rounded before it was sent, and then names something else.
CREATE OR REPLACE FUNCTION dashboard.key_fault(value text, typed jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = dashboard, pg_temp AS $$
    SELECT CASE jsonb_typeof(typed)
        WHEN 'string' THEN ''
        WHEN 'number' THEN CASE
            WHEN value COLLATE "C" !~ '^-?\d+(\.0+)?$' THEN ':fraction'
            WHEN abs(value::numeric) >= 9007199254740992 THEN ':inexact'
        END
        ELSE ''
    END
$$;

-- The id or handle that key_fault accepts. The number 1234.0 is 1234.
CREATE OR REPLACE FUNCTION dashboard.key_of(value text, typed jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN strpos(value, '.') > 0 AND jsonb_typeof(typed) = 'number' THEN split_part(value, '.', 1) ELSE value END
$$;

CREATE OR REPLACE FUNCTION dashboard.is_platform(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value IN ('instagram', 'tiktok', 'youtube', 'x', 'facebook', 'threads', 'twitch')
$$;

-- Clocks differ a little. Not now(): a bot may have begun its transaction before it measured.
CREATE OR REPLACE FUNCTION dashboard.latest_moment() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT statement_timestamp() + interval '5 minutes'
$$;

-- `why` is what stands behind the field in a fault such as 'externalId:inexact'.
DROP FUNCTION IF EXISTS dashboard.fault_message(text, boolean);
CREATE OR REPLACE FUNCTION dashboard.fault_message(field text, why text, is_missing boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN field IS NULL THEN 'must be an object'
        WHEN is_missing THEN 'is missing'
        WHEN why = 'zone' THEN 'has no time zone: add Z or an offset, like 2026-05-01T12:00:00Z'
        WHEN why = 'early' THEN 'is before the year 2000'
        WHEN why = 'future' THEN 'is in the future: it must be at most 5 minutes ahead of the database''s clock'
        WHEN why = 'inexact' THEN 'is a JSON number beyond 2^53, which may have been rounded: send ids as text'
        WHEN why = 'fraction' THEN 'must be a whole number or a text: send ids as text'
        WHEN field = 'platform' THEN 'must be one of instagram, tiktok, youtube, x, facebook, threads, twitch'
        WHEN field = 'status' THEN 'must be one of active, paused, private, suspended, not_found, error'
        WHEN field = 'handle' THEN 'must have 1 to 100 characters, no spaces, none invisible, and no @ in front'
        WHEN field IN ('externalId', 'accountExternalId') THEN 'must have 1 to 200 characters, no invisible ones, no spaces around them'
        WHEN field IN ('brand', 'group')
            THEN 'must have 1 to 100 characters, one that can be seen, none that hides or reorders text, no spaces around them'
        WHEN field = 'displayName' THEN 'must be a text of at most 200 characters without control or invisible characters'
        WHEN field = 'caption' THEN 'must be a text without control characters other than tabs and ends of lines'
        WHEN field = 'url' THEN 'must be a link that begins with https:// or http://, of at most 2048 characters, without a user or password'
        WHEN field IN ('measuredAt', 'postedAt')
            THEN 'must be a time of ISO 8601 with a zone, like 2026-05-01T12:00:00Z'
        WHEN field IN ('views', 'likes', 'comments', 'shares', 'followers')
            THEN 'must be a whole number from 0 to 999999999999999'
    END
$$;

-- One entry of the rejected items. The fault '?' means an unknown field. `reason` is for the counts, not for the answer.
CREATE OR REPLACE FUNCTION dashboard.rejection(place int, fault text, item jsonb, known text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
    SELECT jsonb_build_object('index', place) || CASE
        WHEN fault = '?' THEN (
            SELECT jsonb_build_object(
                'field', left(min(key), 100), 'message', 'is not a known field', 'reason', 'unknown_field')
            FROM jsonb_object_keys(item - known) AS keys (key)
        )
        ELSE (
            SELECT jsonb_build_object(
                'field', parts.field,
                'message', dashboard.fault_message(parts.field, parts.why, item ->> parts.field IS NULL),
                'reason', CASE
                    WHEN parts.field IS NULL THEN 'no_object'
                    WHEN item ->> parts.field IS NULL THEN 'missing_field'
                    WHEN parts.why IN ('inexact', 'fraction') THEN 'inexact_id'
                    WHEN parts.why = 'zone' THEN 'time_without_zone'
                    WHEN parts.why = 'early' THEN 'time_too_early'
                    WHEN parts.why = 'future' THEN 'time_in_future'
                    ELSE 'invalid_value'
                END)
            FROM (SELECT nullif(split_part(fault, ':', 1), '') AS field, split_part(fault, ':', 2) AS why) AS parts
        )
    END
$$;

-- The items of a request's body. An unknown field and a repeated name are errors, so that no data is dropped silently.
CREATE OR REPLACE FUNCTION dashboard.batch_items(body text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    parsed constant json := body::json;
BEGIN
    IF json_typeof(parsed) <> 'object' OR ARRAY(SELECT json_object_keys(parsed)) <> ARRAY['items'] THEN
        RAISE EXCEPTION 'a batch is an object with the field items, once, and no other' USING ERRCODE = '22023';
    END IF;
    RETURN body::jsonb -> 'items';
END
$$;

-- The texts of a batch's items. Reads only quotes, brackets and commas, without recursion, so that it works for items
-- that jsonb cannot hold. `is_wrapped`: the array is the field `items` of an object. NULL: quotes or brackets do not
-- pair, something is missing between two commas, or there are more of them than any batch needs.
CREATE OR REPLACE FUNCTION dashboard.split_items(body text, is_wrapped boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    white constant text := E' \t\n\r';
    head constant text := substring(left(body, 10000) FROM CASE
        WHEN is_wrapped THEN '^[ \t\n\r]*\{[ \t\n\r]*"items"[ \t\n\r]*:[ \t\n\r]*\[' ELSE '^[ \t\n\r]*\[' END);
    rest text := rtrim(body, white);
    parts text[];
BEGIN
    IF is_wrapped THEN
        IF right(rest, 1) <> '}' THEN RETURN NULL; END IF;
        rest := rtrim(left(rest, -1), white);
    END IF;
    IF head IS NULL OR right(rest, 1) <> ']' OR length(rest) <= length(head) THEN
        RETURN NULL;
    END IF;
    rest := substr(left(rest, -1), length(head) + 1);
    -- A batch of 1,000 posts has 70,000 of these characters. This many take up to 2 s.
    IF length(rest) - length(translate(rest, ',"[]{}', '')) > 300000 THEN
        RETURN NULL;
    END IF;

    WITH tokens AS MATERIALIZED (
        SELECT place, matched[1] AS token, CASE
            WHEN matched[1] LIKE '[%' OR matched[1] LIKE '{%' THEN length(matched[1])
            WHEN matched[1] LIKE ']%' OR matched[1] LIKE '}%' THEN -length(matched[1])
            ELSE 0
        END AS change
        FROM regexp_matches(rest, '"(?:[^"\\]|\\.)*"|[[{]+|[]}]+|,|[^][{}",]+', 'g')
            WITH ORDINALITY AS matches (matched, place)
    ),
    deep AS MATERIALIZED (
        SELECT place, token, sum(change) OVER (ORDER BY place) AS depth FROM tokens
    ),
    numbered AS (
        SELECT place, token, depth,
            count(*) FILTER (WHERE token = ',' AND depth = 0) OVER (ORDER BY place) AS item
        FROM deep
    ),
    items AS (
        SELECT item, btrim(string_agg(token, '' ORDER BY place) FILTER (WHERE NOT (token = ',' AND depth = 0)), white)
            AS text
        FROM numbered
        GROUP BY item
    )
    SELECT array_agg(text ORDER BY item) INTO parts FROM items
    HAVING bool_and(text IS NOT NULL AND text <> '')
        AND (SELECT min(depth) >= 0 AND (array_agg(depth ORDER BY place DESC))[1] = 0
                AND sum(length(token)) = length(rest) FROM deep);
    RETURN parts;
END
$$;

-- The text of JSON with U+FFFD in place of U+0000 and of halves of surrogate pairs, which no text of PostgreSQL can hold.
CREATE OR REPLACE FUNCTION dashboard.repaired_json(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- First, escaped backslashes: each other backslash then begins an escape.
    SELECT regexp_replace(regexp_replace(replace(replace(value, '\\', '\u005c'), '\u0000', '\ufffd'),
        '\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})', '\ufffd', 'g'),
        '(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}', '\ufffd', 'g')
$$;

-- Parses a batch. If PostgreSQL cannot read it as a whole, each item is read alone: one that is not JSON, or nested too
-- deeply, costs only itself. `notes` then are {"repaired": the places of items with U+FFFD for a character that cannot
-- be stored, "broken": the fault of each item that could not be read, by its place}; the item itself is null.
-- Errors: those of the cast, if the items cannot be told apart.
CREATE OR REPLACE FUNCTION dashboard.parse_batch(body text, is_wrapped boolean, OUT items jsonb, OUT notes jsonb)
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    parts text[];
    part text;
    item jsonb;
    state text;
    read jsonb[] := '{}';
    repaired int[] := '{}';
    broken jsonb := '{}';
    bad_key text;
BEGIN
    BEGIN
        items := CASE WHEN is_wrapped THEN dashboard.batch_items(body) ELSE body::jsonb END;
        RETURN;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        IF SQLSTATE <> '22023' THEN
            parts := dashboard.split_items(body, is_wrapped);
        END IF;
        IF parts IS NULL THEN
            RAISE;
        END IF;
    END;
    IF cardinality(parts) > 1000 THEN
        PERFORM dashboard.refuse(format('a batch has at most 1000 items, this one has %s', cardinality(parts)));
    END IF;
    FOREACH part IN ARRAY parts LOOP
        item := NULL;
        bad_key := NULL;
        BEGIN
            item := part::jsonb;
        EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
            state := SQLSTATE;
        END;
        IF item IS NULL AND part LIKE '%\\u%' THEN
            BEGIN
                item := dashboard.repaired_json(part)::jsonb;
            EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
                state := SQLSTATE;
            END;
            -- Two different names must not become one.
            bad_key := (
                SELECT min(names.name)
                FROM unnest('{platform,handle,accountExternalId,externalId}'::text[]) AS names (name)
                WHERE jsonb_typeof(item) = 'object' AND item ->> names.name LIKE '%' || U&'\FFFD' || '%'
            );
            IF item IS NOT NULL AND bad_key IS NULL THEN
                repaired := array_append(repaired, cardinality(read));
            END IF;
        END IF;
        IF item IS NULL OR bad_key IS NOT NULL THEN
            broken := broken || jsonb_build_object(cardinality(read)::text, CASE
                WHEN bad_key IS NOT NULL THEN jsonb_build_object(
                    'message', 'must not contain U+0000 or half a surrogate pair', 'reason', 'broken_character')
                WHEN state LIKE '54%' THEN jsonb_build_object('message', 'is nested too deeply', 'reason', 'too_deep')
                WHEN state = '22003' THEN jsonb_build_object(
                    'message', 'has a number that is too large', 'reason', 'invalid_value')
                ELSE jsonb_build_object('message', 'is not valid JSON', 'reason', 'no_json')
            END || jsonb_build_object('field', bad_key, 'item', left(part, 500)));
            item := 'null';
        END IF;
        read := array_append(read, item);
    END LOOP;
    items := to_jsonb(read);
    notes := jsonb_build_object('repaired', to_jsonb(repaired), 'broken', broken);
END
$$;

-- The answer to a batch, with the rejected items in the order of the batch. Counts these by reason, and keeps the last 20 for
-- the client's admins. Call it last, while the client is the tenant.
CREATE OR REPLACE FUNCTION dashboard.batch_answer(
    client bigint, kind text, batch jsonb, stored int, accepted int, rejected jsonb, notes jsonb
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    faults jsonb := '[]';
    repaired int := 0;
BEGIN
    IF rejected <> '[]' THEN
        faults := (
            SELECT jsonb_agg(
                one || coalesce(notes -> 'broken' -> (one ->> 'index'), '{}') ORDER BY (one ->> 'index')::int
            )
            FROM jsonb_array_elements(rejected) AS one
        );
        PERFORM dashboard.keep_rejections(client, kind, batch, faults);
    END IF;
    IF notes IS NOT NULL THEN
        repaired := (
            SELECT count(*) FROM jsonb_array_elements(notes -> 'repaired') AS place
            WHERE NOT rejected @> jsonb_build_array(jsonb_build_object('index', place))
        );
    END IF;
    RETURN jsonb_build_object(
        'stored', stored, 'unchanged', accepted - stored, 'repaired', repaired,
        'rejected', (
            SELECT coalesce(jsonb_agg(one - 'reason' - 'item' ORDER BY place), '[]')
            FROM jsonb_array_elements(faults) WITH ORDINALITY AS elements (one, place)
        )
    );
END
$$;

CREATE OR REPLACE FUNCTION dashboard.keep_rejections(client bigint, kind text, batch jsonb, faults jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- One at a time per client: two batches would delete the same rows.
    PERFORM pg_advisory_xact_lock(hashtextextended('dashboard.rejected_items', client));
    INSERT INTO rejected_items (client_id, batch, place, field, reason, message, item, key_id)
    SELECT client, kind, (one ->> 'index')::int, left(one ->> 'field', 100), one ->> 'reason', left(one ->> 'message', 500),
        left(coalesce(one ->> 'item', (batch -> (one ->> 'index')::int)::text), 500), (SELECT id FROM asking_key())
    FROM jsonb_array_elements(faults) WITH ORDINALITY AS elements (one, place)
    WHERE place > jsonb_array_length(faults) - 20
    ORDER BY place;
    DELETE FROM rejected_items
    WHERE client_id = client AND id <= (
        SELECT id FROM rejected_items WHERE client_id = client ORDER BY id DESC OFFSET 20 LIMIT 1
    );
    INSERT INTO rejection_counts AS kept (counted_for, reason, total)
    SELECT client, one ->> 'reason', count(*) FROM jsonb_array_elements(faults) AS one GROUP BY 2
    ON CONFLICT (counted_for, reason) DO UPDATE SET total = least(kept.total + excluded.total, 999999999999999);
END
$$;

-- Deletes rejected items of more than 30 days ago, of all clients.
CREATE OR REPLACE FUNCTION dashboard.delete_old_rejections() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    DELETE FROM rejected_items WHERE rejected_at < now() - interval '30 days';
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

-- Validates the batch and makes the guild's client the tenant of the transaction, so that row-level security limits the
-- batch to this client. Returns the client's id.
CREATE OR REPLACE FUNCTION dashboard.enter_guild(guild_id bigint, batch jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known bigint;
BEGIN
    IF enter_guild.guild_id IS NULL OR enter_guild.guild_id <= 0 THEN
        PERFORM dashboard.refuse('guild_id must be a Discord id');
    ELSIF jsonb_typeof(batch) IS DISTINCT FROM 'array' THEN
        PERFORM dashboard.refuse('the batch must be a JSON array');
    ELSIF jsonb_array_length(batch) > 1000 THEN
        PERFORM dashboard.refuse(format('a batch has at most 1000 items, this one has %s', jsonb_array_length(batch)));
    END IF;
    PERFORM dashboard.widen_scope();
    SELECT client_id INTO known FROM guilds WHERE guild_id = enter_guild.guild_id;
    IF NOT FOUND THEN
        PERFORM dashboard.refuse('guild_id is not registered: call bot.guild_joined first');
    END IF;
    PERFORM set_config('app.scope', '', true), set_config('app.client_id', known::text, true);
    RETURN known;
END
$$;

-- How a report names its account: by its handle, or by the platform's id. No handle begins with @.
CREATE OR REPLACE FUNCTION dashboard.account_key(platform text, handle_key text, external_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN external_id IS NULL THEN platform || ' ' || handle_key ELSE platform || ' @' || external_id END
$$;

-- Finds accounts by their keys. A handle and an id may name the same account.
CREATE OR REPLACE FUNCTION dashboard.find_accounts(client bigint, account_keys text[])
RETURNS TABLE (account_key text, account_id bigint)
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT named.key, accounts.id
    FROM unnest(account_keys) AS named (key)
    JOIN client_accounts AS accounts
        ON accounts.client_id = client AND accounts.platform = split_part(named.key, ' ', 1)
        AND accounts.handle_key = substr(named.key, strpos(named.key, ' ') + 1)
    WHERE named.key NOT LIKE '% @%'
    UNION ALL
    SELECT named.key, accounts.id
    FROM unnest(account_keys) AS named (key)
    JOIN client_accounts AS accounts
        ON accounts.client_id = client AND accounts.platform = split_part(named.key, ' ', 1)
        AND accounts.external_id = substr(named.key, strpos(named.key, ' ') + 2)
    WHERE named.key LIKE '% @%';
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.batch_items(text)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.delete_old_rejections()');
