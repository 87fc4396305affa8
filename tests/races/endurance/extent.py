"""How much is done: little in the normal suite, more where the environment asks for it."""

import os
import random


def wished(name: str, default: int) -> int:
    """Return a number from the environment."""
    return int(os.environ.get(f"GOATEDVIPS_{name}", "") or default)


SEED = wished("SEED", random.SystemRandom().randrange(1, 10**9))
"""Of all chance; told when a test fails, and the same again by `GOATEDVIPS_SEED`."""
KILLS = wished("KILLS", 6)
"""Workers killed while they settle."""
DATABASE_KILLS = wished("DATABASE_KILLS", 2)
"""PostgreSQL servers killed while a race is settled."""
EVERY_KIND = 20
"""So many kills fall before a commit as well as after one, or chance is broken."""
STORY_DAYS = wished("STORY_DAYS", 3)
"""Of history; 31 are a month."""
STORY_SPEED = wished("STORY_SPEED", 20_000)
"""Story seconds in a second."""
WALKS = wished("WALKS", 6)
"""Lives of a site that are walked through at random."""
HISTORIES = wished("HISTORIES", 4)
"""Of the simulator, with traps at random."""
