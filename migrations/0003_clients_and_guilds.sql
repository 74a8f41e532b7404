-- Client (who pays or hosts) and Guild (its Discord server) are 1:1; everything of a tenant hangs on the client's id.

CREATE TABLE clients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT clients_name_length CHECK (length(name) BETWEEN 1 AND 100)
);

CREATE TABLE guilds (
    client_id bigint PRIMARY KEY REFERENCES clients (id),
    guild_id bigint NOT NULL UNIQUE,
    -- Discord's limit for a server's name.
    name text NOT NULL,
    icon text,
    joined_at timestamptz NOT NULL DEFAULT now(),
    -- A guild that the bot left is kept and stays readable.
    left_at timestamptz,
    CONSTRAINT guilds_client_and_guild UNIQUE (client_id, guild_id),
    CONSTRAINT guilds_guild_id_positive CHECK (guild_id > 0),
    CONSTRAINT guilds_name_length CHECK (length(name) BETWEEN 1 AND 100),
    -- A hash of Discord's, put into the address of a picture: nothing else may be in it.
    CONSTRAINT guilds_icon_hash CHECK (icon ~ '^[A-Za-z0-9_]{1,64}$')
);

CREATE TABLE guild_settings (
    client_id bigint PRIMARY KEY REFERENCES guilds (client_id),
    tracking_enabled boolean NOT NULL DEFAULT true,
    notifications_enabled boolean NOT NULL DEFAULT true,
    -- Whether the guild's webhook tells when the bot goes offline or comes back.
    status_notices boolean NOT NULL DEFAULT false,
    timezone text NOT NULL DEFAULT 'UTC',
    currency text NOT NULL DEFAULT 'USD',
    -- Whoever knows the address can write into the server: encrypted by the service, never readable here.
    alert_webhook_ciphertext bytea,
    member_access boolean NOT NULL DEFAULT false,
    near_miss_percent int NOT NULL DEFAULT 80,
    check_interval_minutes int NOT NULL DEFAULT 60,
    -- NULL: for ever.
    post_retention_days int,
    -- The ETag: every change counts it up.
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guild_settings_timezone_shape CHECK (timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    CONSTRAINT guild_settings_currency_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT guild_settings_webhook_length CHECK (octet_length(alert_webhook_ciphertext) <= 1024),
    CONSTRAINT guild_settings_near_miss_range CHECK (near_miss_percent BETWEEN 50 AND 99),
    CONSTRAINT guild_settings_check_interval_range CHECK (check_interval_minutes BETWEEN 5 AND 1440),
    CONSTRAINT guild_settings_retention_range CHECK (post_retention_days BETWEEN 1 AND 36500)
);

SELECT dashboard.protect_tenant_table('clients', 'SELECT', 'id');
SELECT dashboard.protect_tenant_table('guilds', 'SELECT');
SELECT dashboard.protect_tenant_table('guild_settings', 'SELECT, UPDATE');

-- Channel guild_changed, payload the guild's id: every process may keep what it knows of a guild until this comes.
CREATE FUNCTION dashboard.notify_guild_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dashboard, pg_temp AS $$
DECLARE
    outer_scope constant text := dashboard.widen_scope();
BEGIN
    PERFORM pg_notify('guild_changed', guilds.guild_id::text) FROM guilds WHERE guilds.client_id = NEW.client_id;
    PERFORM set_config('app.scope', outer_scope, true);
    RETURN NULL;
END
$$;

CREATE TRIGGER guilds_added AFTER INSERT ON guilds
    FOR EACH ROW EXECUTE FUNCTION dashboard.notify_guild_changed();
CREATE TRIGGER guilds_changed AFTER UPDATE ON guilds
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION dashboard.notify_guild_changed();
CREATE TRIGGER guild_settings_changed AFTER UPDATE ON guild_settings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION dashboard.notify_guild_changed();
