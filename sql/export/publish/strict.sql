-- Whatever the projects say, nothing of the calendar, no place and no UID is told.
UPDATE publish_project SET moved = true, is_limited = false, has_public_uids = false
