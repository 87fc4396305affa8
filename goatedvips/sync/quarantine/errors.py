from goatedvips.kit.errors import Conflict, NotFound


class QuarantinedRunNotFound(NotFound):
    """There is no such run, or its report was not quarantined."""

    code = "quarantined_run_not_found"

    def __init__(self, run_id: int) -> None:
        super().__init__(f"There is no quarantined run {run_id}.")


class AlreadyDecided(Conflict):
    """Somebody has decided about the report before; once is all."""

    code = "already_decided"

    def __init__(self, run_id: int, decision: str, by: str) -> None:
        super().__init__(f"The report of run {run_id} was {decision} by {by}.")


class ApplyUnderWay(Conflict):
    """The report is going to be applied."""

    code = "apply_under_way"

    def __init__(self, run_id: int, request_id: int) -> None:
        super().__init__(f"The report of run {run_id} is being applied already (request {request_id}).")


class Overtaken(Conflict):
    """A later report was applied since; reports never go backwards."""

    code = "overtaken"

    def __init__(self, run_id: int) -> None:
        super().__init__(
            f"A later report than that of run {run_id} was applied since, and reports never go backwards."
        )


class ReportGone(Conflict):
    """The report's bytes were let go."""

    code = "report_gone"

    def __init__(self, run_id: int) -> None:
        super().__init__(f"The report of run {run_id} is not kept any more.")
