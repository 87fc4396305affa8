from goatedvips.kit.errors import Conflict, GoatedError


class SourceUnreadable(GoatedError):
    """The first system's database does not let itself be read."""

    code = "source_unreadable"

    def __init__(self, why: str) -> None:
        super().__init__(f"The first system's database cannot be read: {why}")


class NotTheFirstSystem(GoatedError):
    """The database is none of the first system's, or not as it was written down."""

    code = "not_the_first_system"

    def __init__(self, differences: list[str]) -> None:
        super().__init__(f"This is not the first system's database: {'; '.join(differences)}.")


class ImportRuns(Conflict):
    """Somebody else imports."""

    code = "import_runs"

    def __init__(self) -> None:
        super().__init__("Another import runs; wait until it is done.")


class ChangedMeanwhile(Conflict):
    """Somebody took a name, an address or a player that the import had found free."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Somebody here changed what the import had looked at. Nothing was written; try again."
        )
