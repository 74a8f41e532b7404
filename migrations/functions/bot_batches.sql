CREATE OR REPLACE FUNCTION dashboard.refuse(message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'invalid_parameter_value';
END
$$;

-- ISO 8601 with date, time and zone, of 2000 to 2099, and a date that exists: PostgreSQL would fail with the others,
-- and the batch with it. COLLATE "C": no digits but 0 to 9, and faster.
CREATE OR REPLACE FUNCTION dashboard.is_moment(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN value COLLATE "C"
            !~ '^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$' THEN false
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

-- 15 digits are more than any platform counts, exact in JavaScript, and leave room for sums.
CREATE OR REPLACE FUNCTION dashboard.is_count(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(value) BETWEEN 1 AND 15 AND ltrim(value, '0123456789') = ''
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

CREATE OR REPLACE FUNCTION dashboard.fault_message(field text, is_missing boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN field IS NULL THEN 'must be an object'
        WHEN is_missing THEN 'is missing'
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
            THEN 'must be a time with a zone, like 2026-05-01T12:00:00Z, from 2000 on and not in the future'
        WHEN field IN ('views', 'likes', 'comments', 'shares', 'followers')
            THEN 'must be a whole number from 0 to 999999999999999'
    END
$$;

-- One entry of the rejected items. The fault '?' means an unknown field.
CREATE OR REPLACE FUNCTION dashboard.rejection(place int, fault text, item jsonb, known text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
    SELECT jsonb_build_object('index', place) || CASE
        WHEN fault = '?' THEN (
            SELECT jsonb_build_object('field', left(min(key), 100), 'message', 'is not a known field')
            FROM jsonb_object_keys(item - known) AS keys (key)
        )
        ELSE jsonb_build_object(
            'field', nullif(fault, ''),
            'message', dashboard.fault_message(nullif(fault, ''), item ->> fault IS NULL)
        )
    END
$$;

-- In the order of the batch.
CREATE OR REPLACE FUNCTION dashboard.sorted_rejections(rejected jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(one ORDER BY (one ->> 'index')::int), '[]') FROM jsonb_array_elements(rejected) AS one
$$;

-- The items of a request's body. An unknown field and a repeated name are errors, so that no data is dropped silently.
CREATE OR REPLACE FUNCTION dashboard.batch_items(body text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = dashboard, pg_temp AS $$
BEGIN
    IF json_typeof(body::json) <> 'object' OR ARRAY(SELECT json_object_keys(body::json)) <> ARRAY['items'] THEN
        RAISE EXCEPTION 'a batch is an object with the field items, once, and no other' USING ERRCODE = '22023';
    END IF;
    RETURN body::jsonb -> 'items';
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
