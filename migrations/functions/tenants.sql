-- Runs the statement if the role exists and this installation uses roles at all: a login role that may not create
-- roles must not hand its tables to a dashboard_app that another installation of the cluster made for itself.
CREATE OR REPLACE FUNCTION dashboard.grant_if_role(role_name name, statement text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name)
        AND (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'dashboard') = 'dashboard_owner'
    THEN
        EXECUTE statement;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION dashboard.grant_to_app(privileges text, object text) RETURNS void
LANGUAGE sql AS $$
    SELECT dashboard.grant_if_role('dashboard_app', format('GRANT %s ON %s TO dashboard_app', privileges, object))
$$;

-- First line of each SECURITY DEFINER function that looks across tenants; its last one restores the scope that this returns:
--     DECLARE outer_scope constant text := dashboard.widen_scope();
--     PERFORM set_config('app.scope', outer_scope, true);
-- An error in between undoes it with the (sub)transaction. SET app.scope in the function's definition would be shorter,
-- but PostgreSQL lets only a superuser write that for a setting that no extension has declared.
CREATE OR REPLACE FUNCTION dashboard.widen_scope() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    outer_scope constant text := coalesce(current_setting('app.scope', true), '');
BEGIN
    PERFORM set_config('app.scope', 'all', true);
    RETURN outer_scope;
END
$$;

-- Lets only the owner access rows of every tenant, while app.scope is 'all': for migrations and for
-- the few SECURITY DEFINER functions that look across tenants. Also switches row-level security on, for the owner too.
CREATE OR REPLACE FUNCTION dashboard.protect_from_owner(tenant_table regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
        $policy$CREATE POLICY across_tenants ON %s TO CURRENT_USER
            USING ((SELECT current_setting('app.scope', true)) = 'all')$policy$,
        tenant_table
    );
END
$$;

-- After a transaction that set app.client_id locally, the setting reads as an empty string, not NULL: nullif makes
-- both mean "no rows". The sub-select is evaluated once a query, so that indexes that begin with client_id serve.
CREATE OR REPLACE FUNCTION dashboard.protect_tenant_table(
    tenant_table regclass,
    app_privileges text,
    client_column name DEFAULT 'client_id'
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dashboard.protect_from_owner(tenant_table);
    EXECUTE format(
        $policy$CREATE POLICY tenant ON %s
            USING (%I = (SELECT nullif(current_setting('app.client_id', true), '')::bigint))$policy$,
        tenant_table, client_column
    );
    PERFORM dashboard.grant_to_app(app_privileges, tenant_table::text);
END
$$;
