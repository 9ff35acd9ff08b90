"""The migrations of the tables of the service, run by Alembic when it starts."""
