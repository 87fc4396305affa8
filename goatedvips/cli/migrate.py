"""`goatedvips migrate`: bring the schema up to date."""

import typer

from goatedvips.cli.output import Json, console, print_json
from goatedvips.cli.resources import DatabaseUrl, Home, database, settings_of
from goatedvips.kit import migrations


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(migrate)


def migrate(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database's schema to what this version expects."""
    settings = settings_of(goatedvips_home=home, database_url=database_url)
    with database(settings) as (addresses, _):
        before, after = migrations.migrate(addresses.owner)
    if as_json:
        print_json({"before": before, "after": after})
    elif before == after:
        console.print(f"The schema is at {after}; nothing to do.")
    else:
        console.print(f"The schema was brought from {before or 'nothing'} to {after}.")
