-- Fills an empty, migrated database for measurements: 100 tenants x 200 accounts x 100 posts = 2,000,000 posts.
-- Run by psql as a superuser or as the login role that migrated:  psql -v ON_ERROR_STOP=1 -f Tests/Benchmark/fill.sql
--
-- Tenant n of 1…100 has client id n and guild id 900000000000000000 + n. Account m of 1…200 of tenant n has the id
-- (n - 1) * 200 + m, and post k of 1…100 of account a has the id (a - 1) * 100 + k. Every tenant has 5 brands of 4
-- groups of 10 accounts. Everything follows from the ids, so two runs give the same rows except for the times.

BEGIN;
SET LOCAL search_path = dashboard, pg_temp;
SET LOCAL app.scope = 'all';
SET LOCAL synchronous_commit = off;
SET LOCAL work_mem = '64MB';
SET LOCAL maintenance_work_mem = '256MB';
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'dashboard_owner' AND pg_has_role(session_user, oid, 'MEMBER')
    ) THEN
        SET LOCAL ROLE dashboard_owner;
    END IF;
END
$$;

INSERT INTO clients (id, name) OVERRIDING SYSTEM VALUE
SELECT n, 'Benchmark ' || n FROM generate_series(1, 100) AS n;

INSERT INTO guilds (client_id, guild_id, name)
SELECT n, 900000000000000000 + n, 'Benchmark ' || n FROM generate_series(1, 100) AS n;

INSERT INTO guild_settings (client_id) SELECT n FROM generate_series(1, 100) AS n;

INSERT INTO brands (client_id, id, name) OVERRIDING SYSTEM VALUE
SELECT n, (n - 1) * 5 + b, 'Brand ' || b FROM generate_series(1, 100) AS n, generate_series(1, 5) AS b;

INSERT INTO account_groups (client_id, id, brand_id, name) OVERRIDING SYSTEM VALUE
SELECT n, (n - 1) * 20 + g, (n - 1) * 5 + (g + 3) / 4, 'Group ' || g
FROM generate_series(1, 100) AS n, generate_series(1, 20) AS g;

-- The trigger that counts posts is off for the fill; the count is known.
INSERT INTO client_accounts (
    client_id, id, group_id, platform, handle, url, display_name, status, followers, last_post_at, post_count, created_at
) OVERRIDING SYSTEM VALUE
SELECT n, (n - 1) * 200 + m, (n - 1) * 20 + (m + 9) / 10, platform, handle,
    'https://example.com/' || handle, initcap(replace(handle, '_', ' ')),
    (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'paused', 'private', 'not_found', 'error'])
        [1 + m % 10],
    -- Every twentieth was never measured.
    CASE WHEN m % 20 <> 0 THEN (n * 7919 + m * 104729) % 2000000 END,
    now() - make_interval(hours => (m * 13) % 200), 100, now() - make_interval(days => 400 - m)
FROM generate_series(1, 100) AS n, generate_series(1, 200) AS m
CROSS JOIN LATERAL (
    SELECT (ARRAY['instagram', 'tiktok', 'youtube', 'x', 'facebook', 'threads', 'twitch'])[1 + m % 7] AS platform,
        (ARRAY['lena', 'marco', 'sofia', 'jonas', 'amelie', 'noah', 'yuki', 'diego', 'priya', 'oskar'])[1 + m % 10]
            || '_' || (ARRAY['fit', 'travels', 'cooks', 'plays', 'styles'])[1 + m % 5] || '_' || m AS handle
) AS named;

-- Its indexes, but the primary key, are made again after the rows: that is faster.
ALTER TABLE posts DISABLE TRIGGER USER;
CREATE TABLE postponed AS
SELECT format('ALTER TABLE posts ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS make,
    format('ALTER TABLE posts DROP CONSTRAINT %I', conname) AS undo
FROM pg_constraint
WHERE conrelid = 'posts'::regclass AND contype = 'u'
UNION ALL
SELECT pg_get_indexdef(indexrelid), format('DROP INDEX %s', indexrelid::regclass)
FROM pg_index
WHERE indrelid = 'posts'::regclass AND NOT indisunique;
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT undo FROM postponed LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
-- Written in the order of time, as a bot does: the posts of one tenant lie scattered over the table.
INSERT INTO posts (
    client_id, id, account_id, platform, external_id, url, caption, posted_at, views, likes, comments, shares,
    measured_at, created_at
) OVERRIDING SYSTEM VALUE
SELECT accounts.client_id, (accounts.id - 1) * 100 + k, accounts.id, accounts.platform,
    'p' || ((accounts.id - 1) * 100 + k), 'https://example.com/p/' || ((accounts.id - 1) * 100 + k),
    (ARRAY['Morning run along the river', 'Neue Folge ist online', 'Nouveau look pour la rentrée', 'Receta rápida de domingo',
        'Unboxing the new collection', '新しい動画です', 'Behind the scenes with the team', 'Q&A – ask me anything'])
        [1 + (drawn.number % 8)]
        || ' #' || (ARRAY['fitness', 'food', 'travel', 'gaming', 'fashion'])[1 + (drawn.number / 8 % 5)]
        || ' ' || repeat('lorem ipsum dolor sit amet ', 1 + (drawn.number / 40 % 6)::int),
    drawn.posted_at, views, views / 20, views / 400, views / 900, now() - interval '2 hours', drawn.posted_at
FROM client_accounts AS accounts
CROSS JOIN generate_series(1, 100) AS k
CROSS JOIN LATERAL (
    SELECT abs(hashint8(accounts.id * 100 + k)::bigint) AS number,
        date_trunc('second', now()) - make_interval(secs => k * 86400 + abs(hashint8(accounts.id * 131 + k)::bigint) % 86400)
            AS posted_at
) AS drawn
-- Few posts have most of the views.
CROSS JOIN LATERAL (SELECT (50 + exp((drawn.number % 10000) / 10000.0 * 14))::bigint AS views) AS measured
ORDER BY k DESC, drawn.posted_at;
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT make FROM postponed LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
DROP TABLE postponed;
ALTER TABLE posts ENABLE TRIGGER USER;

-- 30 daily points for the newest 10 posts of each account of the first ten tenants, and of every of their accounts.
SELECT make_metric_partitions(1, 2);
INSERT INTO post_metrics (client_id, post_id, measured_at, views, likes, comments, shares)
SELECT posts.client_id, posts.id, points.measured_at, posts.views * share / 30, posts.likes * share / 30,
    posts.comments * share / 30, posts.shares * share / 30
FROM posts
CROSS JOIN generate_series(1, 30) AS share
CROSS JOIN LATERAL (SELECT date_trunc('minute', now()) - make_interval(days => 30 - share) AS measured_at) AS points
WHERE posts.client_id <= 10 AND posts.id % 100 BETWEEN 1 AND 10;
INSERT INTO account_metrics (client_id, account_id, measured_at, followers)
SELECT client_id, id, date_trunc('minute', now()) - make_interval(days => 30 - share), followers * (970 + share) / 1000
FROM client_accounts CROSS JOIN generate_series(1, 30) AS share
WHERE client_id <= 10 AND followers IS NOT NULL;

-- The next rows that the service makes come after these.
SELECT setval(pg_get_serial_sequence('clients', 'id'), 100),
    setval(pg_get_serial_sequence('brands', 'id'), 500),
    setval(pg_get_serial_sequence('account_groups', 'id'), 2000),
    setval(pg_get_serial_sequence('client_accounts', 'id'), 20000),
    setval(pg_get_serial_sequence('posts', 'id'), 2000000);
COMMIT;

VACUUM (ANALYZE) dashboard.clients, dashboard.guilds, dashboard.guild_settings, dashboard.brands,
    dashboard.account_groups, dashboard.client_accounts, dashboard.posts, dashboard.post_metrics,
    dashboard.account_metrics;
