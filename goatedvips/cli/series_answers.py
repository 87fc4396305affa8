"""How a series is shown in a terminal."""

from calendar import day_name

from goatedvips.cli.output import print_json, say
from goatedvips.cli.race_answers import say_prizes
from goatedvips.races.series.schemas import RaceOfSeries, SeriesPreview, SeriesView, UnbegunRace


def answer(series: SeriesView, *, as_json: bool) -> None:
    """Print a series: as one object, or in lines."""
    if as_json:
        print_json(series.model_dump(mode="json", by_alias=True))
        return
    _line(series)
    say(f"  · version {series.version}, ties {series.tie_policy}, rejected prizes {series.reject_policy}")
    for place in series.split:
        say(f"  place {place.place}: {place.amount} dollars")
    for race in series.races:
        say(f"  {race.id:>5}  {race.name}: {race.status}, {_utc(race)} UTC")
    if not series.enabled and series.races:
        say("  · These races are made and will be held; `race cancel` ends one of them.")


def answer_all(series: list[SeriesView]) -> None:
    """Print a line for each."""
    for each in series:
        _line(each)
    if not series:
        say("There is no series.")


def answer_preview(preview: SeriesPreview, *, as_json: bool) -> None:
    """Print the races that are to come."""
    if as_json:
        print_json(preview.model_dump(mode="json", by_alias=True))
        return
    for race in preview.instances:
        number = "" if race.race_id is None else f" (race {race.race_id})"
        say(f"{race.name}{number}: {race.local_start} to {race.local_end}, {race.hours:g} hours")
        say(f"  {_utc(race)} UTC")
        for note in race.notes:
            say(f"  · {note.text}")
    say_prizes(preview.prizes, unpaid=preview.unpaid)


def _utc(race: UnbegunRace | RaceOfSeries) -> str:
    return f"{race.start_date:%Y-%m-%d %H:%M} to {race.end_date:%Y-%m-%d %H:%M}"


def _line(series: SeriesView) -> None:
    state = "on" if series.enabled else "off"
    say(
        f"{series.id:>5}  {series.name}: {series.type}, {_start(series)} {series.timezone},"
        f" {series.prize_pool} dollars, {state}"
    )


def _start(series: SeriesView) -> str:
    hour = f"{series.start_hour:02d}:00"
    if series.weekday is not None:
        return f"{day_name[series.weekday - 1]} {hour}"
    return hour if series.day_of_month is None else f"day {series.day_of_month} {hour}"
