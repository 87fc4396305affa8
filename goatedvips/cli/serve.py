"""`goatedvips serve`: the site and the API."""

import typer
import uvicorn

from goatedvips.app import create_app
from goatedvips.cli.listening import Host, Port, listening
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of, with_secret_key
from goatedvips.cli.supervision import follow_supervisor
from goatedvips.realtime.server import SERVER_OPTIONS, LiveServer
from goatedvips.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(host: Host = None, port: Port = None, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Serve the site and the API."""
    settings = settings_of(
        goatedvips_host=host, goatedvips_port=port, goatedvips_home=home, database_url=database_url
    )
    follow_supervisor()
    settings = with_secret_key(settings)
    with (
        migrated_database(settings) as dsn,
        listening(settings.goatedvips_host, settings.goatedvips_port) as listener,
    ):
        server_of(settings, dsn).run(sockets=[listener])


def server_of(settings: Settings, dsn: str) -> LiveServer:
    """Return the server of the application over a database."""
    application = create_app(settings, dsn)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.goatedvips_trusted_proxies),
        forwarded_allow_ips=settings.goatedvips_trusted_proxies,
        timeout_graceful_shutdown=10,
        backlog=8192,
        **SERVER_OPTIONS,
    )
    return LiveServer(config, before_shutdown=application.state.hub.close)
