-- What the bot tracks: Brand -> AccountGroup -> ClientAccount -> Post. Sized for 10,000 guilds x 200 accounts x 100
-- posts. Deleting a parent that has children is refused by the foreign keys: the service deletes bottom up, so that
-- it can count and audit what went.
--
-- Under row-level security an index serves only through operators that are marked leakproof. Comparisons of text,
-- numbers and times are; lower(), LIKE and coalesce are not. Hence the generated *_key columns.

CREATE TABLE brands (
    client_id bigint NOT NULL REFERENCES clients (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    -- C: the order of a page must not change with the system's locale data.
    name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, id),
    CONSTRAINT brands_name_unique UNIQUE (client_id, name_key),
    CONSTRAINT brands_name_length CHECK (length(name) BETWEEN 1 AND 100 AND btrim(name) = name)
);

CREATE TABLE account_groups (
    client_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    brand_id bigint NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, id),
    CONSTRAINT account_groups_brand FOREIGN KEY (client_id, brand_id) REFERENCES brands (client_id, id),
    CONSTRAINT account_groups_name_unique UNIQUE (client_id, brand_id, name_key),
    CONSTRAINT account_groups_name_length CHECK (length(name) BETWEEN 1 AND 100 AND btrim(name) = name)
);

CREATE TABLE client_accounts (
    client_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    group_id bigint NOT NULL,
    platform text NOT NULL,
    handle text NOT NULL,
    handle_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(handle)) STORED,
    url text,
    display_name text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'active',
    -- The platform's own id: a handle can change hands, this cannot.
    external_id text,
    notes text NOT NULL DEFAULT '',
    -- NULL: never measured.
    followers bigint,
    followers_key bigint NOT NULL GENERATED ALWAYS AS (coalesce(followers, -1)) STORED,
    -- NULL: no post known.
    last_post_at timestamptz,
    last_post_key timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(last_post_at, '-infinity')) STORED,
    -- Kept by a trigger on posts: counting 20,000 posts for each guild of the servers list would be too slow.
    post_count bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, id),
    CONSTRAINT client_accounts_group FOREIGN KEY (client_id, group_id) REFERENCES account_groups (client_id, id),
    CONSTRAINT client_accounts_handle_unique UNIQUE (client_id, platform, handle_key),
    CONSTRAINT client_accounts_platform CHECK (
        platform IN ('instagram', 'tiktok', 'youtube', 'x', 'facebook', 'threads', 'twitch')
    ),
    CONSTRAINT client_accounts_status CHECK (
        status IN ('active', 'paused', 'private', 'suspended', 'not_found', 'error')
    ),
    -- The longest of the platforms is Facebook's 50; room for what is to come.
    CONSTRAINT client_accounts_handle_shape CHECK (handle ~ '^[^@\s][^\s]{0,99}$'),
    -- A link on a page: never javascript: or data:.
    CONSTRAINT client_accounts_url_shape CHECK (url ~ '^https?://' AND length(url) <= 2048),
    CONSTRAINT client_accounts_display_name_length CHECK (length(display_name) <= 200),
    CONSTRAINT client_accounts_external_id_length CHECK (length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT client_accounts_notes_length CHECK (length(notes) <= 4000),
    CONSTRAINT client_accounts_followers_range CHECK (followers >= 0)
) WITH (fillfactor = 85);

-- One for each order of the accounts list, in both directions; unmeasured accounts sort below all others.
CREATE INDEX client_accounts_by_handle ON client_accounts (client_id, handle_key, id);
CREATE INDEX client_accounts_by_followers ON client_accounts (client_id, followers_key, id);
CREATE INDEX client_accounts_by_last_post ON client_accounts (client_id, last_post_key, id);
CREATE INDEX client_accounts_by_creation ON client_accounts (client_id, created_at, id);
CREATE INDEX client_accounts_by_group ON client_accounts (client_id, group_id, handle_key, id);
CREATE INDEX client_accounts_by_status ON client_accounts (client_id, status, handle_key, id);

CREATE TABLE posts (
    client_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    -- The account's; here as well because a post is known by its platform and the platform's id.
    platform text NOT NULL,
    external_id text NOT NULL,
    url text,
    caption text NOT NULL DEFAULT '',
    posted_at timestamptz NOT NULL,
    -- The latest measurement; NULL in measured_at: none yet.
    views bigint NOT NULL DEFAULT 0,
    likes bigint NOT NULL DEFAULT 0,
    comments bigint NOT NULL DEFAULT 0,
    shares bigint NOT NULL DEFAULT 0,
    measured_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id),
    CONSTRAINT posts_account FOREIGN KEY (client_id, account_id) REFERENCES client_accounts (client_id, id),
    CONSTRAINT posts_external_id_unique UNIQUE (client_id, platform, external_id),
    CONSTRAINT posts_platform CHECK (
        platform IN ('instagram', 'tiktok', 'youtube', 'x', 'facebook', 'threads', 'twitch')
    ),
    CONSTRAINT posts_external_id_length CHECK (length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT posts_url_shape CHECK (url ~ '^https?://' AND length(url) <= 2048),
    -- YouTube's 5,000 is the longest that matters (Facebook's 63,206 is cut by the writer).
    CONSTRAINT posts_caption_length CHECK (length(caption) <= 5000),
    CONSTRAINT posts_metrics_range CHECK (views >= 0 AND likes >= 0 AND comments >= 0 AND shares >= 0)
);

CREATE INDEX posts_by_time ON posts (client_id, posted_at DESC, id DESC);
CREATE INDEX posts_by_views ON posts (client_id, views DESC, id DESC);
-- views are in it so that a page of some accounts (a brand, a group) is found without reading their posts.
CREATE INDEX posts_by_account ON posts (client_id, account_id, posted_at DESC, id DESC) INCLUDE (views);

SELECT dashboard.protect_tenant_table('brands', 'SELECT, INSERT, UPDATE (name, updated_at, version), DELETE');
SELECT dashboard.protect_tenant_table(
    'account_groups', 'SELECT, INSERT, UPDATE (brand_id, name, updated_at, version), DELETE'
);
SELECT dashboard.protect_tenant_table(
    'client_accounts',
    'SELECT, INSERT, DELETE, UPDATE (group_id, handle, url, display_name, status, external_id, notes,
        followers, last_post_at, updated_at, version)'
);
SELECT dashboard.protect_tenant_table(
    'posts',
    'SELECT, INSERT, DELETE, UPDATE (url, caption, posted_at, views, likes, comments, shares, measured_at)'
);

-- Counts once a statement. Accounts are locked in the order of their ids first: two batches of one tenant that touch
-- the same accounts in another order would end in a deadlock otherwise.
CREATE FUNCTION dashboard.count_posts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
    direction constant int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM FROM client_accounts
    WHERE (client_id, id) IN (SELECT changed.client_id, changed.account_id FROM changed)
    ORDER BY client_id, id
    FOR NO KEY UPDATE;

    UPDATE client_accounts AS accounts
    SET post_count = accounts.post_count + direction * counted.posts
    FROM (
        SELECT changed.client_id, changed.account_id, count(*) AS posts
        FROM changed
        GROUP BY changed.client_id, changed.account_id
    ) AS counted
    WHERE accounts.client_id = counted.client_id AND accounts.id = counted.account_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN NULL;
END
$$;

CREATE TRIGGER posts_added AFTER INSERT ON posts
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.count_posts();
CREATE TRIGGER posts_deleted AFTER DELETE ON posts
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.count_posts();

-- For sign-in and the servers list, which come before a tenant is chosen: who of these guilds is registered here?
-- A user's token says which guilds to ask for; 200 of Discord's limit, so the array is small.
CREATE FUNCTION dashboard.registered_guilds(guild_ids bigint[]) RETURNS TABLE (
    guild_id bigint,
    client_id bigint,
    name text,
    icon text,
    left_at timestamptz,
    member_access boolean,
    account_count bigint,
    post_count bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
#variable_conflict use_column
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    RETURN QUERY
    SELECT guilds.guild_id, guilds.client_id, guilds.name, guilds.icon, guilds.left_at, settings.member_access,
        counted.accounts, counted.posts
    FROM guilds
    JOIN guild_settings AS settings ON settings.client_id = guilds.client_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS accounts, coalesce(sum(accounts.post_count), 0)::bigint AS posts
        FROM client_accounts AS accounts
        WHERE accounts.client_id = guilds.client_id
    ) AS counted
    WHERE guilds.guild_id = ANY (registered_guilds.guild_ids)
    ORDER BY guilds.guild_id;
    PERFORM set_config('app.scope', outer_scope, true);
END
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.registered_guilds(bigint[])');
