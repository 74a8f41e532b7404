-- Counts once a statement. Accounts are locked in the order of their ids first: two batches of one tenant that touch
-- the same accounts in another order would end in a deadlock otherwise.
CREATE OR REPLACE FUNCTION dashboard.count_posts() RETURNS trigger
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

DROP TRIGGER IF EXISTS posts_added ON posts;
CREATE TRIGGER posts_added AFTER INSERT ON posts
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.count_posts();

DROP TRIGGER IF EXISTS posts_deleted ON posts;
CREATE TRIGGER posts_deleted AFTER DELETE ON posts
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION dashboard.count_posts();

-- How many digits the views have, and the first two of them: 4 and 12 for 1,234. Greater views never have a lesser step,
-- and one step is at most 10 % wide.
CREATE OR REPLACE FUNCTION dashboard.views_step(views bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(views::text) * 100 + left(views::text, 2)::int
$$;

SELECT dashboard.grant_to_app('EXECUTE', 'FUNCTION dashboard.views_step(bigint)');
