from goatedvips.kit.errors import NotReady


class EmbeddedPostgresError(NotReady):
    """The database that comes with the program cannot run here; the sentence says what to do."""

    code = "database_unavailable"
    title = "Database unavailable"
