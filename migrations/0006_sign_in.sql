-- People, their guilds at Discord, and their sessions. None of it belongs to a tenant: a person may be in many.

CREATE TABLE users (
    -- Discord's.
    id bigint PRIMARY KEY,
    username text NOT NULL,
    global_name text,
    avatar text,
    email text,
    locale text,
    -- Discord's own tokens, AES-256-GCM by the service; the refresh token is single-use: change it under a row lock.
    access_token_ciphertext bytea,
    refresh_token_ciphertext bytea,
    token_expires_at timestamptz,
    -- How old user_guilds is, and why it is not newer.
    guilds_read_at timestamptz,
    guilds_source_state text NOT NULL DEFAULT 'unread',
    -- Discord's Retry-After: not before this.
    guilds_retry_at timestamptz,
    first_sign_in_at timestamptz NOT NULL DEFAULT now(),
    last_sign_in_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_id_positive CHECK (id > 0),
    CONSTRAINT users_names_length CHECK (length(username) BETWEEN 1 AND 64 AND length(global_name) <= 64),
    CONSTRAINT users_avatar_hash CHECK (avatar ~ '^[A-Za-z0-9_]{1,64}$'),
    -- RFC 5321: 64 + 1 + 255, rounded as everyone does.
    CONSTRAINT users_email_length CHECK (length(email) <= 320),
    CONSTRAINT users_locale_length CHECK (length(locale) <= 16),
    CONSTRAINT users_token_length CHECK (
        octet_length(access_token_ciphertext) <= 4096 AND octet_length(refresh_token_ciphertext) <= 4096
    ),
    -- current: as Discord said last; the others: the stored list serves.
    CONSTRAINT users_guilds_source_state CHECK (
        guilds_source_state IN ('unread', 'current', 'rate_limited', 'unavailable', 'revoked')
    )
);

-- The whole list that Discord gave, guilds without the bot included: they get an invite link.
CREATE TABLE user_guilds (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    guild_id bigint NOT NULL,
    name text NOT NULL,
    icon text,
    -- Discord's bit set.
    permissions bigint NOT NULL,
    owner boolean NOT NULL DEFAULT false,
    PRIMARY KEY (user_id, guild_id),
    CONSTRAINT user_guilds_guild_id_positive CHECK (guild_id > 0),
    CONSTRAINT user_guilds_name_length CHECK (length(name) <= 100),
    CONSTRAINT user_guilds_icon_hash CHECK (icon ~ '^[A-Za-z0-9_]{1,64}$')
);

CREATE TABLE dashboard_sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the refresh token that is valid now, and of its direct parent: a second use of the parent within
    -- the grace gets the same child, after it the whole session is revoked.
    refresh_hash bytea NOT NULL UNIQUE,
    previous_hash bytea UNIQUE,
    generation int NOT NULL DEFAULT 0,
    rotated_at timestamptz,
    user_agent text NOT NULL DEFAULT '',
    ip_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_active_at timestamptz NOT NULL DEFAULT now(),
    -- Of the refresh token (moves with each rotation) and of the session whatever happens.
    expires_at timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text,
    CONSTRAINT dashboard_sessions_hash_length CHECK (
        octet_length(refresh_hash) = 32 AND octet_length(previous_hash) = 32
    ),
    CONSTRAINT dashboard_sessions_user_agent_length CHECK (length(user_agent) <= 512),
    CONSTRAINT dashboard_sessions_expiry_order CHECK (expires_at <= absolute_expires_at),
    CONSTRAINT dashboard_sessions_revoked_reason CHECK (
        revoked_reason IN ('logout', 'logout_all', 'revoked_by_user', 'token_reuse', 'administrator')
    ),
    CONSTRAINT dashboard_sessions_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);

CREATE INDEX dashboard_sessions_by_user ON dashboard_sessions (user_id, last_active_at DESC, id DESC);
CREATE INDEX dashboard_sessions_by_expiry ON dashboard_sessions (expires_at);

CREATE TABLE oauth_states (
    -- Only hashes: who reads the table cannot finish a sign-in that someone else began.
    state_hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    code_verifier text NOT NULL,
    return_to text NOT NULL DEFAULT '/',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT oauth_states_hash_length CHECK (octet_length(state_hash) = 32 AND octet_length(browser_hash) = 32),
    -- RFC 7636.
    CONSTRAINT oauth_states_code_verifier_length CHECK (length(code_verifier) BETWEEN 43 AND 128),
    CONSTRAINT oauth_states_return_to_local CHECK (
        return_to ~ '^/([A-Za-z0-9_?=&.%-][A-Za-z0-9/_?=&.%-]*)?$' AND length(return_to) <= 2048
    )
);

CREATE INDEX oauth_states_by_expiry ON oauth_states (expires_at);

SELECT dashboard.grant_to_app('SELECT, INSERT, UPDATE', 'users');
SELECT dashboard.grant_to_app('SELECT, INSERT, UPDATE, DELETE', 'user_guilds');
SELECT dashboard.grant_to_app('SELECT, INSERT, UPDATE, DELETE', 'dashboard_sessions');
-- A session's first token holds its id, which is therefore drawn before the row is written.
SELECT dashboard.grant_to_app('USAGE', 'SEQUENCE dashboard_sessions_id_seq');
SELECT dashboard.grant_to_app('SELECT, INSERT, UPDATE, DELETE', 'oauth_states');

-- Channel session_changed: every process keeps revocations and memberships in memory. Payload s:<session id> for a
-- session that ended before its time, u:<user id> for a change of what a person may see. A mere rotation says nothing.
CREATE FUNCTION dashboard.notify_session_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    PERFORM pg_notify('session_changed', 's:' || OLD.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER dashboard_sessions_revoked AFTER UPDATE OF revoked_at ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION dashboard.notify_session_ended();
CREATE TRIGGER dashboard_sessions_deleted AFTER DELETE ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > now())
    EXECUTE FUNCTION dashboard.notify_session_ended();

-- A list that is written again without a change (INSERT … ON CONFLICT DO UPDATE … WHERE it differs) stays silent.
CREATE FUNCTION dashboard.notify_memberships_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = dashboard, pg_temp AS $$
BEGIN
    PERFORM pg_notify('session_changed', 'u:' || users.user_id)
    FROM (SELECT DISTINCT changed.user_id FROM changed) AS users;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_guilds_added AFTER INSERT ON user_guilds
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();
CREATE TRIGGER user_guilds_changed AFTER UPDATE ON user_guilds
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();
CREATE TRIGGER user_guilds_deleted AFTER DELETE ON user_guilds
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.notify_memberships_changed();
