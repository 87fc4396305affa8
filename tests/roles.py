"""The database as each of its roles reaches it; in tests all of them have one password."""

from goatedvips.kit.database_roles import APP, OWNER, READER


def _acting_as(role: str, dsn: str) -> str:
    return dsn.replace(f"//{OWNER}:", f"//{role}:", 1)


def app_dsn(dsn: str) -> str:
    """Return the address for the role that serves."""
    return _acting_as(APP, dsn)


def reader_dsn(dsn: str) -> str:
    """Return the address for the role that looks."""
    return _acting_as(READER, dsn)
