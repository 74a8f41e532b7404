-- Converts a sum to bigint and stops at the ends of the range, so that no page fails because of a large sum.
CREATE OR REPLACE FUNCTION dashboard.saturated(total numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(least(total, 9223372036854775807), -9223372036854775808)::bigint
$$;

-- The zone, or UTC if PostgreSQL does not know it: zone files differ from one server to the next.
CREATE OR REPLACE FUNCTION dashboard.known_zone(zone text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.saturated(numeric)');
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.known_zone(text)');
