"""Logs: one event a line, as text for people or as JSON for machines."""

import logging
import re
import sys

import structlog

_SECRET_WORDS = ("token", "password", "secret", "authorization", "cookie", "dsn", "database_url")

_QUOTED_ROWS = re.compile(r"^(DETAIL|CONTEXT):.*?(?=^\[SQL|^$|\Z)", re.MULTILINE | re.DOTALL)
"""Where PostgreSQL quotes the row that it refuses: mail addresses, hashes."""


def configure_logging(*, as_json: bool, level: str = "info") -> None:
    """Send structlog's and the standard library's events to standard error in one shape."""
    lowest = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The default prints local variables: addresses with passwords, headers with tokens.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    last: list[structlog.typing.Processor] = [structlog.processors.format_exc_info, _without_rows, renderer]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(lowest)
    # What these say at INFO we say better ourselves.
    for name in ("uvicorn", "httpx2", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_secrets(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for name in event:
        if any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = "[hidden]"
    return event


def _without_rows(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    if "exception" in event:
        event["exception"] = _QUOTED_ROWS.sub("", event["exception"])
    return event
