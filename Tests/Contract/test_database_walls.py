"""Restrictions of the service's own role in the database, and logins with which the service does not start."""

import os
import subprocess

import pytest

from harness.service import programs

AS_SERVICE = "SET ROLE dashboard_app; "


def test_every_table_with_a_tenant_is_held_by_row_level_security(service):
    open_tables = service.sql("""
        SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'client_id'
        WHERE relnamespace = 'dashboard'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND NOT (relrowsecurity AND relforcerowsecurity)
    """)
    assert open_tables == []
    # The role sees one tenant only, with any statement.
    assert service.sql(AS_SERVICE + "SELECT count(*) FROM posts") == [["0"]]
    own = service.sql(AS_SERVICE + "SET app.client_id = '5'; SELECT DISTINCT client_id FROM posts")
    assert own == [["5"]]


@pytest.mark.parametrize("statement", [
    "UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM audit_log",
    "UPDATE audit_heads SET last_id = 0", "TRUNCATE posts", "DROP TABLE posts", "DELETE FROM guilds",
    "ALTER TABLE posts DISABLE ROW LEVEL SECURITY", "CREATE TABLE dashboard.x (y int)", "CREATE TEMPORARY TABLE x (y int)",
    "SELECT append_audit_at(now(), 1, 'system', NULL, 'x', 'x', NULL, '{}', 'api', NULL)",
])
def test_the_services_role_may_not(service, statement):
    with pytest.raises(AssertionError, match="permission denied|must be owner"):
        service.sql(AS_SERVICE + statement)


def test_the_services_role_writes_no_other_tenants_audit_log(service):
    append = "SELECT append_audit(1, 'system', NULL, 'x', 'x', NULL, '{}', 'api', NULL)"
    with pytest.raises(AssertionError, match="audit log of another tenant"):
        service.sql(AS_SERVICE + "SET app.client_id = '5'; " + append)


def test_a_change_of_the_audit_log_shows(own_service):
    own_service.sql(
        "SELECT append_audit_at(now(), 5, 'user', 1, 'access.given', 'guest', n::text, '{}', 'api', NULL)"
        " FROM generate_series(1, 5) AS n")
    check = "SELECT first_broken_id IS NULL, head_matches FROM verify_audit_chain(5)"
    assert own_service.sql(check) == [["t", "t"]]
    own_service.sql("UPDATE audit_log SET actor_id = 2 WHERE client_id = 5 AND id = 3")
    assert own_service.sql(check) == [["f", "t"]]
    own_service.sql("UPDATE audit_log SET actor_id = 1 WHERE client_id = 5 AND id = 3")
    assert own_service.sql(check) == [["t", "t"]]
    newest = "(SELECT max(id) FROM audit_log WHERE client_id = 5)"
    own_service.sql(f"DELETE FROM audit_log WHERE client_id = 5 AND id = {newest}")
    assert own_service.sql(check) == [["t", "f"]]


def test_a_login_that_row_level_security_does_not_hold_is_refused(service, cluster, tmp_path):
    cluster.sql("CREATE ROLE unheld LOGIN BYPASSRLS")
    # The roles of the service have another owner: it would have to work as its login.
    cluster.sql("CREATE DATABASE unheld OWNER unheld")
    done = subprocess.run(
        [programs() / "dashboard", "serve"], capture_output=True, text=True, timeout=30,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": "0",
             "DATABASE_URL": cluster.address("unheld", "unheld")})
    assert done.returncode == 1
    assert "row-level security does not hold" in done.stdout + done.stderr
