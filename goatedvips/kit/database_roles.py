"""The names of the roles in PostgreSQL (docs/adr/0019). The owner's is the operator's to choose."""

OWNER = "goatedvips"
"""Of the embedded database: owns everything, migrates, and reads all rows for backups."""
APP = "goatedvips_app"
"""Serves and works, under row security."""
READER = "goatedvips_reader"
"""Looks: analytics, at everything but secrets and mail."""
