"""Names for made-up players, in the shapes that the feed's real names have.

Measured on 19 captures, 26-27 March 2025: 5 to 42 characters, half of them 6 to
10, ASCII letters, digits and hyphens only; a third hold a digit, 2.3 % a hyphen,
0.16 % are digits only and 0.05 % a wallet's address.
"""

from itertools import starmap

import numpy as np

SHORTEST = 5
_WORDS = (  # noqa: SIM905 - a page of words reads better than a column of quotes
    "ace amber arrow atlas badger bandit basil beacon birch blaze bolt breeze brook byte canyon cedar chip "
    "cipher clover cobalt comet coral crane crow dart delta dice dingo dove drift dusk eagle echo elm ember "
    "fable falcon fern finch flare flint fox frost gale gecko ghost ginger glint gold grove gull harbor hawk "
    "hazel heron ivy jade jolt juno kestrel kite koala lark lemon lily lotus lucky lunar lynx magpie mango "
    "maple marble mellow meteor mint misty moose mosaic neon nova oak ocean olive onyx orbit otter owl "
    "panda pearl pebble pepper pine pixel polar poppy prism puma quartz quill rain raven reef ridge river "
    "robin rocket ruby rusty saffron sage salty shade shark silver sky slate sly solar spark spice spruce "
    "storm sunny swift tango tempo thorn tiger toast topaz tulip tundra turbo velvet viper vivid wasp wave "
    "willow wolf wren yarrow zebra zen zest zinc"
).split()
_SYLLABLES = [first + vowel for first in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
_HEX = np.frombuffer(b"0123456789abcdef", dtype="S1")

# Upper bounds on one even draw; what is left over are syllables.
_WALLET, _DIGITS, _HYPHENS, _LONG, _NUMBERED, _PAIRS = 0.0006, 0.0022, 0.025, 0.045, 0.36, 0.52
_LOWER, _TITLE, _UPPER = 0.41, 0.84, 0.90


def invent(rng: np.random.Generator, count: int, *, taken: set[str]) -> list[str]:
    """Return `count` names that are not in `taken`, and add them to it."""
    words = rng.integers(len(_WORDS), size=(count, 3)).tolist()
    syllables = rng.integers(len(_SYLLABLES), size=(count, 4)).tolist()
    draws = zip(
        rng.random(count).tolist(),
        rng.random(count).tolist(),
        words,
        syllables,
        rng.integers(10**6, size=count).tolist(),
        strict=True,
    )
    names = []
    for style, name in starmap(_name, draws):
        unique = _wallet(rng) if style < _WALLET else name
        while unique in taken:
            unique = f"{name}{rng.integers(10**6)}"
        taken.add(unique)
        names.append(unique)
    return names


def _name(
    style: float, case: float, words: list[int], syllables: list[int], number: int
) -> tuple[float, str]:
    first, second, third = (_WORDS[word] for word in words)
    if style < _DIGITS:
        return style, f"{number:06d}"
    if style < _HYPHENS:
        name = f"{first}-{second}"
    elif style < _LONG:
        name = first + second + third + str(number)
    elif style < _NUMBERED:
        name = first + str(number)[: 1 + number % 4]
    elif style < _PAIRS:
        name = first + second
    else:
        name = "".join(_SYLLABLES[syllable] for syllable in syllables[: 3 + number % 2])
        name += "nrst"[number % 4] * (number % 3 == 0)
    return style, _cased(name.ljust(SHORTEST, str(number % 10)), case, second=len(first))


def _cased(name: str, case: float, *, second: int) -> str:
    if case < _LOWER:
        return name
    if case < _TITLE:
        return name.capitalize()
    if case < _UPPER:
        return name.upper()
    return name[:second].capitalize() + name[second:].capitalize()


def _wallet(rng: np.random.Generator) -> str:
    return "0x" + _HEX[rng.integers(16, size=40)].tobytes().decode()
