"""PostgreSQL without an installation: `embedded_postgres(home)` and its error."""

from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.supervisor import EmbeddedPostgres, embedded_postgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "embedded_postgres"]
