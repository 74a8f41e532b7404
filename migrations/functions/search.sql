-- Text as a search compares it: in lower case, without accents and typographic variants. ASCII, which most texts are, needs
-- only lower case. The characters of `translate` are letters of their own in Unicode, without a decomposition.
CREATE OR REPLACE FUNCTION dashboard.search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(value) = length(value) THEN lower(value COLLATE "C")
        ELSE translate(lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđıħ', 'oldih') END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.search_text(text)');
