internal import Domain
import Formats
internal import Persistence

/// Writes the most extreme values that the schema takes into every column of every row, past all validation.
///
/// For a database of a test's own.
package struct Corners: Sendable {
    /// The values of a round; in the striped ones every second column gets the other end.
    package enum Round: String, CaseIterable, Sendable {
        case highest, lowest, null, striped, stripedBack
    }

    private let owner: WaitingConnection

    package init() async throws {
        owner = try WaitingConnection(role: .login)
        try await owner.script(
            "SET timezone = 'UTC'; SET statement_timeout = 0; SET search_path = dashboard, public;" + Self.function)
    }

    /// Columns that keep their values, as `table.column`.
    package func write(_ round: Round, keeping kept: [String]) async throws {
        _ = try await owner.rows("SELECT public.write_corners(\(round.rawValue), \(kept))")
    }

    /// Tables without a row to write into.
    package func emptyTables() async throws -> [String] {
        try await owner.rows("SELECT unnest(public.empty_tables())").map { $0.text(0) }
    }

    /// Columns for which the schema accepted no other value in any round that tried one.
    package func untouched() async throws -> [String] {
        try await owner.rows(
            """
            SELECT DISTINCT place FROM public.corners
             WHERE place NOT IN (SELECT place FROM public.corners WHERE taken > 0) ORDER BY place
            """
        ).map { $0.text(0) }
    }

    /// Columns that accepted the first value: only their type bounds them.
    package func unbounded() async throws -> [String] {
        try await owner.rows(
            """
            SELECT DISTINCT place FROM public.corners
             WHERE taken = 1 AND (round = 'highest' OR round = 'lowest' AND kind NOT IN ('text', 'bytea'))
               AND kind IN ('text', 'bytea', 'float8', 'int8', 'timestamptz', 'date') ORDER BY place
            """
        ).map { $0.text(0) }
    }

    private static let function = """
        CREATE TABLE IF NOT EXISTS public.corners (place text, kind text, round text, taken int);

        CREATE OR REPLACE FUNCTION public.tables_with_corners() RETURNS TABLE (name name)
        LANGUAGE sql AS $$
            SELECT relname FROM pg_class WHERE relnamespace = 'dashboard'::regnamespace AND relkind IN ('r', 'p')
               AND NOT relispartition AND relname NOT IN ('schema_migrations', 'applied_functions') ORDER BY relname
        $$;

        CREATE OR REPLACE FUNCTION public.empty_tables() RETURNS text[]
        LANGUAGE plpgsql AS $$
        DECLARE
            each name;
            has_row boolean;
            found text[] := '{}';
        BEGIN
            FOR each IN SELECT name FROM public.tables_with_corners() LOOP
                EXECUTE format('SELECT EXISTS (SELECT FROM dashboard.%I)', each) INTO has_row;
                IF NOT has_row THEN found := found || each::text; END IF;
            END LOOP;
            RETURN found;
        END
        $$;

        -- The most extreme first.
        CREATE OR REPLACE FUNCTION public.candidates(kind text, is_high boolean) RETURNS text[]
        LANGUAGE sql AS $$
            SELECT CASE
                WHEN kind IN ('int8', 'int4') AND is_high THEN
                    '{9223372036854775807,999999999999999,2147483647,1000000000,1000000,36500,1440,99,1}'
                WHEN kind IN ('int8', 'int4') THEN '{-9223372036854775808,-2147483648,-1,0,1,5,50}'
                WHEN kind = 'float8' AND is_high THEN '{''Infinity'',''NaN'',1e300,86400,1}'
                WHEN kind = 'float8' THEN '{''-Infinity'',-1e300,-1,0}'
                WHEN kind = 'timestamptz' AND is_high THEN '{''infinity'',''9999-12-31 23:59:59.999999Z'',now()}'
                WHEN kind = 'timestamptz' THEN '{''-infinity'',''2000-01-01 00:00Z'',now()}'
                WHEN kind = 'date' AND is_high THEN '{''infinity'',''9999-12-31''}'
                WHEN kind = 'date' THEN '{''-infinity'',''2000-01-01''}'
                WHEN kind = 'bool' THEN ARRAY[is_high::text]
                WHEN kind = 'inet' AND is_high THEN '{''ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff''}'
                WHEN kind = 'inet' THEN '{''0.0.0.0/0''}'
                WHEN kind = 'jsonb' AND is_high THEN
                    ARRAY[$json$jsonb_build_object('urls', ARRAY[array_fill(repeat('"é"', 10), '{800}'), array_fill('x'::text, '{800}')])$json$]
                WHEN kind = 'jsonb' THEN ARRAY['''{}''']
                WHEN kind = 'bytea' AND is_high THEN ARRAY(
                    SELECT format('decode(repeat(''ff'', %s), ''hex'')', size)
                    FROM unnest('{2000000,1000000,4096,1024,64,32}'::int[]) AS size)
                WHEN kind = 'bytea' THEN '{''''}'
                WHEN kind = 'text' AND is_high THEN ARRAY(
                    -- Each with the row's place at its end: names are unique.
                    SELECT format(pattern, size)
                    FROM unnest('{100000,5000,4000,2048,1000,512,320,200,128,100,64,16,3}'::int[]) WITH ORDINALITY AS sizes (size, place),
                         unnest(ARRAY[
                            $t$repeat('𝕏', %s - 3) || lpad(nth::text, 3, '0')$t$,
                            $t$'https://e.example/' || repeat('x', greatest(%s - 21, 0)) || lpad(nth::text, 3, '0')$t$,
                            $t$repeat('X', %s - 3) || lpad(nth::text, 3, '0')$t$
                         ]) WITH ORDINALITY AS patterns (pattern, rank)
                    ORDER BY place, rank)
                WHEN kind = 'text' THEN '{'''',''x'',''-'',nth::text,''UTC'',''EUR''}'
            END::text[]
        $$;

        CREATE OR REPLACE FUNCTION public.write_corners(round text, kept text[]) RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE
            each record;
            nth int;
            tried int;
            value text;
            is_high boolean;
        BEGIN
            FOR each IN
                SELECT tables.name AS relname, attname, typname, attnum
                FROM public.tables_with_corners() AS tables
                JOIN pg_attribute ON attrelid = format('dashboard.%I', tables.name)::regclass
                JOIN pg_type ON pg_type.oid = atttypid
                WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
                  AND NOT tables.name || '.' || attname = ANY (kept)
                  -- Keys tie rows together, unless they are times.
                  AND (typname IN ('timestamptz', 'date') OR NOT EXISTS (
                    SELECT FROM pg_constraint WHERE contype IN ('p', 'f')
                       AND (conrelid = attrelid AND attnum = ANY (conkey) OR confrelid = attrelid AND attnum = ANY (confkey))))
                ORDER BY tables.name, attnum
            LOOP
                is_high := CASE round WHEN 'highest' THEN true WHEN 'lowest' THEN false
                    WHEN 'striped' THEN each.attnum % 2 = 0 ELSE each.attnum % 2 = 1 END;
                EXECUTE format('SELECT array_agg(tableoid::bigint || '' '' || ctid) FROM dashboard.%I', each.relname) INTO value;
                nth := 0;
                DECLARE
                    place text;
                BEGIN
                    FOREACH place IN ARRAY coalesce(value::text[], '{}') LOOP
                        nth := nth + 1;
                        tried := 0;
                        FOREACH value IN ARRAY CASE round WHEN 'null' THEN ARRAY['NULL']
                            ELSE coalesce(public.candidates(each.typname, is_high), '{}') END
                        LOOP
                            tried := tried + 1;
                            BEGIN
                                EXECUTE format(
                                    'UPDATE dashboard.%I SET %I = (SELECT %s FROM (SELECT %s AS nth) AS row)::%s WHERE tableoid = %L::oid AND ctid = %L',
                                    each.relname, each.attname, value, nth, each.typname, split_part(place, ' ', 1),
                                    split_part(place, ' ', 2));
                                INSERT INTO public.corners
                                VALUES (each.relname || '.' || each.attname, each.typname, round, tried);
                                EXIT;
                            EXCEPTION WHEN integrity_constraint_violation OR data_exception OR program_limit_exceeded THEN
                                NULL;
                            END;
                        END LOOP;
                        INSERT INTO public.corners VALUES (each.relname || '.' || each.attname, each.typname, round, 0);
                    END LOOP;
                END;
            END LOOP;
        END
        $$;
        """
}
