-- Counts the list items that shortened() drops. Of a pair from/to, the longer list counts.
CREATE OR REPLACE FUNCTION dashboard.left_out(value jsonb, most int) RETURNS bigint
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

-- The value with at most `most` items in each list and at most `characters` characters in each text.
CREATE OR REPLACE FUNCTION dashboard.shortened(value jsonb, most int, characters int) RETURNS jsonb
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

-- The number of items of the longest list in the value.
CREATE OR REPLACE FUNCTION dashboard.longest_list(value jsonb) RETURNS int
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

-- Cuts the changes of an audit entry to at most `longest` characters. `omitted` counts the list items that were left
-- out, here or by an earlier cut; texts that are cut end in an ellipsis.
CREATE OR REPLACE FUNCTION dashboard.cut_changes(changes jsonb, longest int) RETURNS jsonb
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
    -- Fewer items first; if that is not enough, shorter texts as well.
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
            -- Keep at least two items: a list of two may be [from, to].
            EXIT WHEN most = 2;
            most := greatest(2, least(most - 1, most * (longest * 0.98 / size))::int);
        END LOOP;
    END LOOP;
    RETURN jsonb_build_object('omitted', before + (SELECT count(*) FROM jsonb_object_keys(whole)));
END
$$;

-- The number in a text of at most 18 digits; NULL for any other text.
CREATE OR REPLACE FUNCTION dashboard.audit_number(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN value ~ '^[0-9]{1,18}$' THEN value::bigint END $$;

-- The old value ('from') or the new one ('to') of a change, which is an object {from, to} or a list [from, to].
CREATE OR REPLACE FUNCTION dashboard.audit_side(change jsonb, side text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(change)
        WHEN 'object' THEN change ->> side
        WHEN 'array' THEN change ->> CASE side WHEN 'from' THEN 0 ELSE 1 END
    END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.audit_number(text)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.audit_side(jsonb,text)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.left_out(jsonb,integer)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.shortened(jsonb,integer,integer)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.longest_list(jsonb)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.cut_changes(jsonb,integer)');
