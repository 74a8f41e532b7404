-- The display name that an admin replaced: the platform's own, which bots go on reporting. The admin's stays until a report has
-- another one. NULL: the name is the platform's, or none was reported yet.
ALTER TABLE client_accounts ADD COLUMN display_name_edited_over text
    CONSTRAINT client_accounts_display_name_edited_over_length CHECK (length(display_name_edited_over) <= 200);
