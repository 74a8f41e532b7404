-- The files of migrations/functions that this database has, by name. A start applies those whose checksum is another one,
-- after the numbered migrations. `version` is the program's that applied the text: an older program leaves it alone.
CREATE TABLE applied_functions (
    name text PRIMARY KEY CONSTRAINT applied_functions_name_length CHECK (length(name) BETWEEN 1 AND 100),
    checksum text NOT NULL CONSTRAINT applied_functions_checksum_length CHECK (length(checksum) BETWEEN 1 AND 64),
    version text NOT NULL CONSTRAINT applied_functions_version_length CHECK (length(version) BETWEEN 1 AND 64),
    applied_at timestamptz NOT NULL DEFAULT now()
        CONSTRAINT applied_functions_applied_at_bounds
        CHECK (applied_at BETWEEN '2000-01-01 00:00Z' AND '9999-12-31 23:59:59.999999Z')
);

SELECT dashboard.grant_to_app('SELECT', 'applied_functions');
