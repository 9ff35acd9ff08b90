"""The API: `/api/v1`, a module a subject."""
