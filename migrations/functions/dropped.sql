-- Functions that no supported version of the program calls any more, with their parameters. A function that was only
-- removed from its file stays in the database, since a process of an older version may still call it. List it here one
-- release later.
DROP FUNCTION IF EXISTS dashboard.use_api_key(bigint, bytea);
-- Only functions of the database called it.
DROP FUNCTION IF EXISTS dashboard.sorted_rejections(jsonb);
