-- Roles and schemas. Three roles share the work, so that a mistake in one statement cannot cross tenants:
--   dashboard_owner  owns everything and runs the migrations; bound by row-level security too (FORCE)
--   dashboard_app    what the service works as (connection option role=dashboard_app); no DDL, no TRUNCATE
--   tracking_bot     what a bot signs in as; may only call the functions of schema bot
-- A login role that may not create roles owns everything itself: then only row-level security stands between tenants.

-- Roles belong to the cluster, not to the database: another database may make them at this very moment. The second
-- one waits for the first one's commit and then gets unique_violation.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('dashboard_owner', 'NOLOGIN'),
            ('dashboard_app', 'NOLOGIN'),
            -- Without a password nobody gets in over the network until the self-hoster sets one.
            ('tracking_bot', 'LOGIN')
        ) AS roles (name, attribute)
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name);
        BEGIN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attribute);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'role % is missing and % may not create it: going on without it', wanted.name, current_user;
        END;
    END LOOP;
END
$$;

DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT oid, rolname FROM pg_roles WHERE rolname IN ('dashboard_owner', 'dashboard_app') ORDER BY rolname
    LOOP
        -- From PostgreSQL 16 on, the creator of a role is a member that may not use it; USAGE tells the difference.
        CONTINUE WHEN pg_has_role(current_user, granted.oid, 'USAGE') AND EXISTS (
            SELECT FROM pg_auth_members AS members
            WHERE members.roleid = granted.oid AND members.member = current_user::regrole
        );
        BEGIN
            EXECUTE format('GRANT %I TO %I', granted.rolname, current_user);
        EXCEPTION
            WHEN unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE NOTICE '% may not become a member of %: going on without it', current_user, granted.rolname;
        END;
    END LOOP;
END
$$;

DO $$
DECLARE
    schema_owner name := current_user;
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'dashboard_owner' AND pg_has_role(current_user, oid, 'USAGE')
    ) THEN
        schema_owner := 'dashboard_owner';
    END IF;
    EXECUTE format('CREATE SCHEMA dashboard AUTHORIZATION %I', schema_owner);
    EXECUTE format('CREATE SCHEMA bot AUTHORIZATION %I', schema_owner);
END
$$;

-- What PUBLIC may do by default would be open to tracking_bot as well: temporary tables, and before PostgreSQL 15
-- new objects in schema public. Whoever does not own these cannot take it away; that is no reason to stop.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'USAGE')
    ) THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF EXISTS (
        SELECT FROM pg_namespace WHERE nspname = 'public' AND pg_has_role(current_user, nspowner, 'USAGE')
    ) THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END
$$;
