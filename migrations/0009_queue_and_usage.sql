-- How much work the bot has waiting for a guild, as it said last.
CREATE TABLE guild_queue_depths (
    client_id bigint PRIMARY KEY,
    guild_id bigint NOT NULL,
    depth int NOT NULL,
    -- A moment, not an age: it goes on ageing when the bot is gone. NULL: nothing waits, or the bot did not say.
    oldest_job_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guild_queue_depths_guild FOREIGN KEY (client_id, guild_id) REFERENCES guilds (client_id, guild_id),
    CONSTRAINT guild_queue_depths_range CHECK (depth >= 0)
);

-- Counters of a day (UTC). accounts and posts are what there was at its end, the others what happened in it.
CREATE TABLE usage_days (
    client_id bigint NOT NULL REFERENCES clients (id),
    day date NOT NULL,
    api_requests bigint NOT NULL DEFAULT 0,
    exports bigint NOT NULL DEFAULT 0,
    imports bigint NOT NULL DEFAULT 0,
    alerts bigint NOT NULL DEFAULT 0,
    accounts bigint NOT NULL DEFAULT 0,
    posts bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, day),
    CONSTRAINT usage_days_range CHECK (
        api_requests >= 0 AND exports >= 0 AND imports >= 0 AND alerts >= 0 AND accounts >= 0 AND posts >= 0
    )
);

SELECT dashboard.protect_tenant_table('guild_queue_depths', 'SELECT');
SELECT dashboard.protect_tenant_table('usage_days', 'SELECT, INSERT, UPDATE');
