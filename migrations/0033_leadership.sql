-- Which session does the background work for all processes. An advisory lock alone cannot say so: whoever may connect can
-- take it, tracking_bot too. A session leads while this row names it and it holds the advisory lock of its token, which
-- ends with the session. The lock alone is worth nothing, since only the service may write the row.

CREATE TABLE leadership (
    is_only boolean PRIMARY KEY DEFAULT true CONSTRAINT leadership_one_row CHECK (is_only),
    -- Of the session that leads, or led last. NULL: none ever did.
    pid integer,
    -- Random, new for each session: process ids come again.
    token bigint,
    since timestamptz CONSTRAINT leadership_since_bounds CHECK (since >= '2000-01-01' AND since < '10000-01-01')
);

INSERT INTO leadership DEFAULT VALUES;

SELECT dashboard.grant_to_app('SELECT, UPDATE', 'leadership');
