-- The rule of NameRule.refuses in the service, as a class of a regular expression: controls, characters that reorder or hide
-- the text around them, and noncharacters. Joiners, direction marks, variation selectors and tags stay: scripts and emoji
-- need them.
CREATE OR REPLACE FUNCTION dashboard.refused_characters() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '[\u0001-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]'
$$;

CREATE OR REPLACE FUNCTION dashboard.has_refused(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value ~ dashboard.refused_characters()
$$;

-- The name of a guild, which its owner chose at Discord and a bot cannot change: refused characters are removed, because a
-- refused name would refuse the guild. The same rule as NameRule.cleaned in the service. NULL and no name stay so.
CREATE OR REPLACE FUNCTION dashboard.cleaned_guild_name(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL OR value = '' OR dashboard.is_seen(value)
        THEN regexp_replace(value, dashboard.refused_characters(), '', 'g') ELSE 'Unnamed server' END
$$;

-- The rule of NameRule.isSeen: whether a character is visible on its own.
CREATE OR REPLACE FUNCTION dashboard.is_seen(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT value ~ '[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0001-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u20d0-\u20ff\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufe20-\ufe2f\uffa0\U000e0020-\U000e01ef\U000f0000-\U0010ffff\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]'
$$;

-- 1 to `longest` characters, none refused, no white space (as Unicode defines it) at either end.
CREATE OR REPLACE FUNCTION dashboard.is_name(value text, longest int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(value) BETWEEN 1 AND longest AND NOT dashboard.has_refused(value)
        AND value !~ '^[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$'
$$;

-- The name of a brand or group: a name with at least one visible character.
CREATE OR REPLACE FUNCTION dashboard.is_title(value text, longest int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT dashboard.is_name(value, longest) AND dashboard.is_seen(value)
$$;

-- One that can be seen, and told from others: no letters with a blank glyph (NameRule.isBlankLetter in the service).
CREATE OR REPLACE FUNCTION dashboard.is_handle(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(value) BETWEEN 1 AND 100 AND left(value, 1) <> '@'
        AND value !~ '[\s\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]'
        AND NOT dashboard.has_refused(value) AND (value ~ '[!-~]' OR dashboard.is_seen(value))
$$;

-- No user and no password: readers take the text before an @ for the site.
CREATE OR REPLACE FUNCTION dashboard.is_link(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (value LIKE 'https://_%' OR value LIKE 'http://_%') AND length(value) <= 2048
        AND value !~ '\s|^https?://[^/?#]*@' AND NOT dashboard.has_refused(value)
$$;

-- A text of one line from a bot, without white space at its ends. Raises 22023 if it is refused or has another length.
CREATE OR REPLACE FUNCTION dashboard.clean_line(field text, value text, longest int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = dashboard, pg_temp AS $$
DECLARE
    -- White space as Unicode defines it.
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
