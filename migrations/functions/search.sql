-- Text as a search compares it: in lower case and without accents and typographic variants. Text in ASCII, which is most of
-- it, takes half the time. The characters of `translate` are letters of their own in Unicode, without a decomposition.
CREATE OR REPLACE FUNCTION dashboard.search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(value) = length(value) THEN lower(value COLLATE "C")
        ELSE translate(lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđıħ', 'oldih') END
$$;
SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.search_text(text)');
