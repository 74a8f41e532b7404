-- Proves what 0029 demands of the rows that were there, in a transaction of its own: it locks out no reader and no writer.
DO $$
DECLARE
    unproven record;
BEGIN
    FOR unproven IN
        SELECT conrelid::regclass AS of_table, conname FROM pg_constraint
        WHERE connamespace = 'dashboard'::regnamespace AND contype = 'c' AND NOT convalidated AND conparentid = 0
            AND coninhcount = 0 AND conrelid <> 'dashboard.audit_log'::regclass
        ORDER BY conrelid::regclass::text, conname
    LOOP
        EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', unproven.of_table, unproven.conname);
    END LOOP;
END
$$;
