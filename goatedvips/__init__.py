"""Live leaderboards and wager races with cash prizes, from an affiliate's wager feed."""

__version__ = "0.1.0"
