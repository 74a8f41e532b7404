-- An entry of the audit log is cut to a size that the log takes, and names are judged alike through every door.

-- MARK: Entries that fit

-- How many items of lists go when each keeps at most so many: of two lists side by side, before and after, the longer's.
CREATE FUNCTION dashboard.left_out(value jsonb, most int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
BEGIN
    CASE jsonb_typeof(value)
        WHEN 'array' THEN
            IF jsonb_array_length(value) > most THEN
                RETURN jsonb_array_length(value) - most;
            END IF;
            RETURN (
                SELECT coalesce(max(dashboard.left_out(item, most)), 0) FROM jsonb_array_elements(value) AS item
                WHERE jsonb_typeof(item) IN ('array', 'object')
            );
        WHEN 'object' THEN
            RETURN (
                SELECT coalesce(CASE WHEN value ?& '{from,to}' THEN max(dropped) ELSE sum(dropped) END, 0)
                FROM (SELECT dashboard.left_out(member.value, most) AS dropped FROM jsonb_each(value) AS member) AS members
            );
        ELSE RETURN 0;
    END CASE;
END
$$;

-- The value with at most so many items in each list, and of each text at most so many characters.
CREATE FUNCTION dashboard.shortened(value jsonb, most int, characters int) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'string' THEN
            CASE WHEN length(value #>> '{}') > characters THEN to_jsonb(left(value #>> '{}', characters) || '…') ELSE value END
        WHEN 'array' THEN (
            SELECT coalesce(jsonb_agg(dashboard.shortened(item, most, characters) ORDER BY place), '[]')
            FROM jsonb_array_elements(value) WITH ORDINALITY AS items (item, place) WHERE place <= most
        )
        WHEN 'object' THEN (
            SELECT coalesce(jsonb_object_agg(key, dashboard.shortened(member, most, characters)), '{}')
            FROM jsonb_each(value) AS members (key, member)
        )
        ELSE value
    END;
END
$$;

-- How many items the longest list in it has.
CREATE FUNCTION dashboard.longest_list(value jsonb) RETURNS int
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'array' THEN greatest(
            jsonb_array_length(value),
            (
                SELECT max(dashboard.longest_list(item)) FROM jsonb_array_elements(value) AS item
                WHERE jsonb_typeof(item) IN ('array', 'object')
            )
        )
        WHEN 'object' THEN (
            SELECT coalesce(max(dashboard.longest_list(member.value)), 0) FROM jsonb_each(value) AS member
        )
        ELSE 0
    END;
END
$$;

-- What an entry says of its changes, in at most so many characters. `omitted` says how many items of lists were left out,
-- here or before; texts that are cut end in an ellipsis.
CREATE FUNCTION dashboard.cut_changes(changes jsonb, longest int) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    whole jsonb;
    cut jsonb;
    before numeric := 0;
    omitted numeric;
    characters int;
    most int;
    longest_list int;
    size int := length(changes::text);
BEGIN
    IF size <= longest THEN
        RETURN changes;
    ELSIF jsonb_typeof(changes) <> 'object' THEN
        RETURN '{"omitted": 1}';
    ELSIF jsonb_typeof(changes -> 'omitted') = 'number' THEN
        before := (changes ->> 'omitted')::numeric;
    END IF;
    whole := changes - 'omitted';
    longest_list := dashboard.longest_list(whole);
    -- Whole texts for as long as that helps, then shorter ones.
    FOREACH characters IN ARRAY ARRAY[100000000, 2000, 500, 100, 20] LOOP
        IF characters < 100000000 THEN
            size := length(dashboard.shortened(whole, 10000, characters)::text) + 1;
        END IF;
        most := greatest(2, (longest_list * least(longest * 0.98 / size, 1))::int);
        LOOP
            cut := dashboard.shortened(whole, most, characters);
            omitted := before + dashboard.left_out(whole, most);
            IF omitted > 0 THEN
                cut := cut || jsonb_build_object('omitted', omitted);
            END IF;
            size := length(cut::text);
            IF size <= longest THEN
                RETURN cut;
            END IF;
            -- Two are kept at least: a list of two may be what was before and after.
            EXIT WHEN most = 2;
            most := greatest(2, least(most - 1, most * (longest * 0.98 / size))::int);
        END LOOP;
    END LOOP;
    RETURN jsonb_build_object('omitted', before + (SELECT count(*) FROM jsonb_object_keys(whole)));
END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.cut_changes(jsonb, int)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.shortened(jsonb, int, int)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.left_out(jsonb, int)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.longest_list(jsonb)');

-- As in 0025, with what is said cut to a size that a page can show, far below what the table takes.
CREATE OR REPLACE FUNCTION dashboard.append_audit_at(
    created_at timestamptz,
    client_id bigint,
    actor_type text,
    actor_id bigint,
    action text,
    target_type text,
    target_id text,
    changes jsonb,
    source text,
    ip_address inet
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    head audit_heads;
    entry audit_log;
BEGIN
    INSERT INTO audit_heads (client_id, last_id, last_hash)
    VALUES (append_audit_at.client_id, 0, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (client_id) DO NOTHING;
    -- A head that was taken away must not come back as that of another chain.
    IF FOUND AND EXISTS (SELECT FROM audit_log AS kept WHERE kept.client_id = append_audit_at.client_id) THEN
        RAISE EXCEPTION 'the audit log of client % has lost its head', append_audit_at.client_id
            USING ERRCODE = 'TD003', HINT = 'dashboard audit verify';
    END IF;
    SELECT * INTO STRICT head FROM audit_heads WHERE client_id = append_audit_at.client_id FOR UPDATE;

    entry.client_id := append_audit_at.client_id;
    entry.id := head.last_id + 1;
    -- The clock is read under the lock: along a chain, time does not run backwards.
    entry.created_at := coalesce(append_audit_at.created_at, clock_timestamp());
    entry.actor_type := append_audit_at.actor_type;
    entry.actor_id := append_audit_at.actor_id;
    entry.guild_id := (SELECT guild_id FROM guilds WHERE client_id = append_audit_at.client_id);
    entry.action := append_audit_at.action;
    entry.target_type := append_audit_at.target_type;
    -- No change may fail because of what is written down of it.
    entry.target_id := left(append_audit_at.target_id, 200);
    entry.changes := dashboard.cut_changes(coalesce(append_audit_at.changes, '{}'), 200000);
    entry.source := append_audit_at.source;
    entry.ip_address := append_audit_at.ip_address;
    IF entry.actor_type = 'bot' AND entry.actor_id IS NULL THEN
        SELECT asking.id, asking.address INTO entry.actor_id, entry.ip_address FROM dashboard.asking_key() AS asking;
    END IF;
    entry.previous_hash := head.last_hash;
    entry.hash := dashboard.audit_hash(entry);

    INSERT INTO audit_log VALUES (entry.*);
    UPDATE audit_heads SET last_id = entry.id, last_hash = entry.hash WHERE client_id = entry.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN entry.id;
END
$$;

-- MARK: Names

-- The rule of NameRule.refuses in the service: controls, what reorders or hides the text around it, and code points that
-- are no characters. Joiners, direction marks, variation selectors and tags stay: scripts and emoji need them.
CREATE FUNCTION dashboard.has_refused(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]'
$$;

-- The rule of NameRule.isSeen: whether a character shows something where it stands alone.
CREATE FUNCTION dashboard.is_seen(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value ~ '[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0001-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u20d0-\u20ff\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufe20-\ufe2f\uffa0\U000e0020-\U000e01ef\U000f0000-\U0010ffff\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]'
$$;

-- As in 0015, with white space as Unicode has it.
CREATE OR REPLACE FUNCTION dashboard.is_name(value text, longest int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(value) BETWEEN 1 AND longest AND NOT dashboard.has_refused(value)
        AND value !~ '^[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$'
$$;

-- The name of a brand or group.
CREATE FUNCTION dashboard.is_title(value text, longest int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT dashboard.is_name(value, longest) AND dashboard.is_seen(value)
$$;

CREATE OR REPLACE FUNCTION dashboard.is_handle(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(value) BETWEEN 1 AND 100 AND left(value, 1) <> '@' AND value !~ '\s'
        AND NOT dashboard.has_refused(value)
$$;

-- No user and no password: what stands before an @ passes for the site.
CREATE OR REPLACE FUNCTION dashboard.is_link(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (value LIKE 'https://_%' OR value LIKE 'http://_%') AND length(value) <= 2048
        AND value !~ '\s|^https?://[^/?#]*@' AND NOT dashboard.has_refused(value)
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

-- As in 0025, by the same rule.
CREATE OR REPLACE FUNCTION dashboard.clean_line(field text, value text, longest int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    -- White space as Unicode has it.
    white constant text := '[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+';
    cleaned text;
BEGIN
    IF dashboard.has_refused(value) THEN
        PERFORM dashboard.refuse(field || ' must not contain control or invisible characters');
    END IF;
    cleaned := regexp_replace(regexp_replace(value, '^' || white, ''), white || '$', '');
    IF cleaned IS NULL OR length(cleaned) NOT BETWEEN 1 AND longest THEN
        PERFORM dashboard.refuse(format('%s must have 1 to %s characters', field, longest));
    END IF;
    RETURN cleaned;
END
$$;

-- As in 0016, with the rules above for names.
CREATE OR REPLACE FUNCTION dashboard.read_account_reports(batch jsonb, OUT reports account_report[], OUT rejected jsonb)
LANGUAGE sql STABLE SET search_path = dashboard, pg_temp AS $$
    WITH known AS (
        SELECT '{platform,handle,externalId,displayName,url,brand,group,status,followers,measuredAt}'::text[] AS fields
    ),
    items AS MATERIALIZED (
        SELECT (place - 1)::int AS place, item, item ->> 'platform' AS platform, item ->> 'handle' AS handle,
            item ->> 'externalId' AS external_id, item ->> 'displayName' AS display_name, item ->> 'url' AS url,
            item ->> 'brand' AS brand, item ->> 'group' AS group_name, item ->> 'status' AS status,
            item ->> 'followers' AS followers, item ->> 'measuredAt' AS measured_at
        FROM jsonb_array_elements(batch) WITH ORDINALITY AS elements (item, place)
    ),
    checked AS MATERIALIZED (
        SELECT items.*, CASE
            WHEN jsonb_typeof(item) <> 'object' THEN ''
            WHEN item - known.fields <> '{}' THEN '?'
            WHEN is_platform(platform) IS NOT TRUE THEN 'platform'
            WHEN handle IS NULL OR jsonb_typeof(item -> 'handle') NOT IN ('string', 'number')
                OR NOT is_handle(handle) THEN 'handle'
            WHEN external_id IS NOT NULL AND (
                jsonb_typeof(item -> 'externalId') NOT IN ('string', 'number') OR NOT is_name(external_id, 200)
            ) THEN 'externalId'
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
            WHEN is_moment(measured_at) IS NOT TRUE THEN 'measuredAt'
            WHEN measured_at::timestamptz NOT BETWEEN '2000-01-01 00:00Z' AND latest_moment() THEN 'measuredAt'
        END AS fault
        FROM items CROSS JOIN known
    )
    SELECT (
        SELECT coalesce(array_agg(ROW(
            place, platform, handle, lower(handle), external_id, display_name, url, coalesce(brand, 'Unsorted'),
            coalesce(group_name, 'Unsorted'), status, followers::bigint, measured_at::timestamptz, NULL, NULL, NULL
        )::account_report), '{}')
        FROM checked WHERE fault IS NULL
    ), (
        SELECT coalesce(jsonb_agg(rejection(place, fault, item, fields)), '[]')
        FROM checked CROSS JOIN known WHERE fault IS NOT NULL
    )
$$;
