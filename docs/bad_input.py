"""Writes `docs/bad-input.md`, what each kind of field answers: `python docs/bad_input.py [FILE]`.

`tests/api/test_bad_input.py` sends every input to every field of `docs/openapi.json`.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("bad-input.md")
CONTRACT = Path(__file__).with_name("openapi.json")

TYPES = {
    "true": "true",
    "0": "0",
    "-1": "-1",
    "1.5": "1.5",
    "2⁶³": str(2**63),
    "400 digits": "9" * 400,
    "1e400": "1e400",
    "NaN": "NaN",
    "-Infinity": "-Infinity",
    "[]": "[]",
    "[[]]": "[[]]",
    "{}": "{}",
    '{"$ne": null}': '{"$ne": null}',
}
"""JSON as it is sent, some of it none: what a field is not of, or is too much of."""

TEXTS = {
    "empty": "",
    "spaces": "   ",
    "a number": "7",
    "a truth": "on",
    "SQL: a tautology": "' OR 1=1 --",
    "SQL: a second statement": "x'); DROP TABLE users; --",
    "HTML: a script": "<script>alert(1)</script>",
    "HTML: a handler": '"><img src=x onerror=alert(1)>',
    "an address that runs": "javascript:alert(1)",
    "a template": "{{7*7}}${7*7}<%= 7*7 %>",
    "a look-up": "${jndi:ldap://127.0.0.1/a}",
    "a format": "%s%n{0.__class__}",
    "a command": "$(id); id | id & id",
    "LDAP": "*)(uid=*))(|(uid=*",
    "XML: an entity": '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
    "a path upwards": "../../../../etc/passwd",
    "a path upwards, encoded": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "a formula": '=HYPERLINK("//x","y")',
    "a formula by its sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "CR LF": "x\r\nSet-Cookie: gvip_session=y",
    "NUL": "x\0y",
    "a control character": "x\x07\x1b[31my",
    "half a surrogate pair": "x\ud800y",
    "right to left": "x\u202eypj.exe",
    "zero width": "x\u200by\ufeffz",
    "40 combining marks": "x" + "\u0301" * 40,
    "emoji": "\U0001f469\u200d\U0001f680 \U0001f3c6",
    "letters that look alike": "\u0430dministrator",
    "letters of full width": "\uff41\uff44\uff4d\uff49\uff4e",
    "digits of another script": "\u0661\u0662\u0663",
    "100,000 characters": "x" * 100_000,
}
"""From the OWASP cheat sheets on input validation, injection, cross-site scripting and CSV, and Unicode."""

NULL = {"null": "null"}
INPUTS = NULL | TYPES | {name: json.dumps(text) for name, text in TEXTS.items()}

_CODE = {name for name in TEXTS if name.startswith(("SQL", "HTML", "XML", "a ", "an ", "LDAP"))}
_CODE -= {"a control character"}
_FORMULAS = {"a formula", "a formula by its sign"}
_ANY_SCRIPT = {
    *("emoji", "letters that look alike", "letters of full width", "digits of another script"),
    "40 combining marks",
}
_LINE = frozenset(_CODE | _ANY_SCRIPT)
_TYPED = _LINE | {"spaces", "CR LF", "NUL", "a control character", "right to left", "zero width"}
_SHORT = {
    "a number",
    "a truth",
    "digits of another script",
    "letters of full width",
    "emoji",
    "spaces",
    "NUL",
    "zero width",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Fields that take the same, by their names; all else is refused with 422, naming the field."""

    title: str
    fields: frozenset[str]
    takes: frozenset[str] = frozenset()


def _kind(title: str, fields: str, takes: set[str] | frozenset[str] = frozenset()) -> Kind:
    return Kind(title, frozenset(fields.split()), frozenset(takes))


KINDS = (
    _kind("a name", "name goatedUsername goatedId", _LINE),
    _kind("a payment's reference", "reference", _LINE - {"SQL: a tautology", "emoji"} - _FORMULAS),
    _kind("a reason", "reason", _LINE | {"CR LF"}),
    _kind("a text that may be empty", "message bio", _LINE | {"CR LF", "empty", "spaces"}),
    _kind("who signs in", "login", _LINE | {"spaces"}),
    _kind("a new password", "register:password", _TYPED - _SHORT),
    _kind("a password to be proved", "password newPassword", _TYPED),
    _kind("a username", "username"),
    _kind("a mail address", "email"),
    _kind("a mailed token", "token"),
    _kind("a code", "code totp"),
    _kind("a colour", "profileColor"),
    _kind("an amount", "minWager prizePool amount", {"a number"}),
    _kind("a percentage", "percent", {"a number"}),
    _kind("a choice", "type tiePolicy rejectPolicy role privacy"),
    _kind("a number", "id race userId dayOfMonth weekday from to place"),
    _kind("an hour", "startHour", {"0"}),
    _kind("a switch", "byMistake dryRun onLastRun", {"true"}),
    _kind("a moment", "startDate endDate until expiresAt"),
    _kind("a day", "birthDate"),
    _kind("a time zone", "timezone"),
    _kind("a digest", "head"),
    _kind("a list", "ids scopes prizes payments"),
    _kind("an object", "metadata", {"{}", '{"$ne": null}'}),
)
"""A field that is in none of them fails the test: somebody has to say what it takes."""


BESIDES = {
    ("race-series", "name", "a number"): "A series is also asked for by its number.",
    ("approve", "ids", "null"): "Which awards are approved must be said.",
    ("settle", "reason", "null"): "Whoever settles on the last report there is says why.",
    ("disable", "password", "null"): "Without a second factor it is all that guards somebody.",
}
"""What a kind takes, but not here: how the address ends, the field, the input, and why."""


@dataclass(frozen=True, slots=True)
class Writable:
    """A field that an operation takes in its body."""

    method: str
    path: str
    place: tuple[str | int, ...]
    """Where it is in the body; 0 is the first of a list."""
    is_nullable: bool
    others: tuple[str, ...]
    """What else the body must have."""

    @property
    def kind(self) -> Kind:
        """What kind it is of."""
        name = str(self.place[-1])
        here = f"{self.path.rpartition('/')[2]}:{name}"
        return next(kind for names in (here, name) for kind in KINDS if names in kind.fields)

    def takes(self, given: str) -> bool:
        """Say whether an input is taken."""
        if (self.path.rpartition("/")[2], str(self.place[-1]), given) in BESIDES:
            return False
        return self.is_nullable if given in NULL else given in self.kind.takes


def writables(contract: dict[str, Any]) -> Iterator[Writable]:
    """Return every field that somebody can write, from the description of the API."""
    schemas = contract["components"]["schemas"]
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                needed = tuple(name for part in _parts(schema, schemas) for name in part.get("required", []))
                for place, is_nullable in _fields(schema, schemas):
                    yield Writable(method.upper(), path, place, is_nullable, needed)


def _fields(schema: Any, schemas: Any) -> Iterator[tuple[tuple[str | int, ...], bool]]:  # noqa: ANN401 - JSON
    for part in _parts(schema, schemas):
        for name, inner in part.get("properties", {}).items():
            yield (name,), any(each.get("type") == "null" for each in _parts(inner, schemas))
            yield from (((name, *place), is_nullable) for place, is_nullable in _fields(inner, schemas))
        if "items" in part:
            yield from (((0, *place), is_nullable) for place, is_nullable in _fields(part["items"], schemas))


def _parts(schema: Any, schemas: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return what a schema may be, one by one."""
    said = [part.get("$ref", "").rpartition("/")[2] for part in schema.get("anyOf", [schema])]
    return [
        schemas[name] if name else part
        for name, part in zip(said, schema.get("anyOf", [schema]), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is wrong as a whole, where `{"reason": "x"}` is right; what is answered, and of what."""

    sent: bytes
    status: int
    names: str = "body"
    """The field of the answer; nothing where there is no list of them."""
    media_type: str = "application/json"


BODIES = {
    "nothing": Body(b"", 422),
    "broken off": Body(b'{"reason": "x', 400),
    "a comma too many": Body(b'{"reason": "x",}', 400),
    "a name without quotes": Body(b'{reason: "x"}', 400),
    "a comment": Body(b'{"reason": "x"} // y', 400),
    "two bodies": Body(b'{"reason": "x"}{"reason": "y"}', 400),
    "a raw line break within a text": Body(b'{"reason": "x\ny"}', 400),
    "null": Body(b"null", 422),
    "a list": Body(b'[{"reason": "x"}]', 422),
    "a text": Body(b'"reason"', 422),
    "a number": Body(b"1", 422),
    "100,000 levels": Body(b"[" * 100_000, 400, ""),
    "a field that is not known": Body(b'{"reason": "x", "role": "admin"}', 422, "role"),
    "`__proto__`": Body(b'{"reason": "x", "__proto__": {"role": "admin"}}', 422, "__proto__"),
    "a field missing": Body(b"{}", 422, "reason"),
    "ISO 8859-1": Body('{"reason": "ä"}'.encode("latin-1"), 400, ""),
    "bytes that are no UTF-8": Body(b'{"reason": "\xc0\x80"}', 400, ""),
    "compressed": Body(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 400, ""),
    "a form": Body(b"reason=x", 422, media_type="application/x-www-form-urlencoded"),
    "JSON that calls itself text": Body(b'{"reason": "x"}', 422, media_type="text/plain"),
    "XML": Body(b"<reason>x</reason>", 422, media_type="application/xml"),
    "300,000 bytes": Body(b'{"reason": "%b"}' % (b"x" * 300_000), 413, ""),
}


HEAD = """\
# What bad input is answered

Written by `python docs/bad_input.py`; `tests/api/test_bad_input.py` sends every input here to every field of
every body in `openapi.json`, {count} in all, and looks that what is refused left nothing behind.
Query strings and addresses are asked by `tests/api/test_hostile.py` and `tests/contract`.

- ✗: 422, with the field's name in `errors`. ✓: it is taken as what it is, text, and kept, bound, encoded and
  escaped as such wherever it goes; a rule, or a state, may still refuse what it says (404, 409, 422).
- `null` is taken where the description says so.
- A field that `openapi.json` does not know is refused. Nothing is cut, and nothing is turned into a number.
- Of a field that is sent twice the last one counts, as RFC 8259 leaves it open and Python has it.

## Inputs by kind of field

{kinds}

{inputs}

### Besides

{besides}

## Bodies as a whole

| body | status | `errors` name |
|---|---|---|
{bodies}
"""


def page() -> str:
    """Return the page."""
    given = [name for name in INPUTS if name not in NULL]
    return HEAD.format(
        count=len(list(writables(json.loads(CONTRACT.read_text("utf-8"))))),
        kinds="\n".join(
            f"{number}. {kind.title}: {', '.join(f'`{name}`' for name in sorted(kind.fields))}"
            for number, kind in enumerate(KINDS, 1)
        ),
        inputs="\n".join(
            [
                _row("input", *map(str, range(1, len(KINDS) + 1))),
                _row("---", *(["---"] * len(KINDS))),
                *(_row(name, *("✓" if name in kind.takes else "✗" for kind in KINDS)) for name in given),
            ]
        ),
        besides="\n".join(
            f"- `…/{path}`, `{field}`, {name}: ✗. {why}" for (path, field, name), why in BESIDES.items()
        ),
        bodies="\n".join(
            _row(name, str(bad.status), f"`{bad.names}`" if bad.names else "") for name, bad in BODIES.items()
        ),
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.write_text(page(), encoding="utf-8")
