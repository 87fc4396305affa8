"""What a proof claims that each later version of the same result must claim too."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """The terms of a race, and its standings as parallel arrays: 57 bytes each.

    `terms` are the document's members `race`, `rules` and `boundaries`. A row of `commitments` is 32 bytes;
    `baselines` and `totals` are in units, unsigned since a forged file may say more than anybody can have.
    """

    terms: dict[str, Any]
    settled_at: str
    commitments: NDArray[np.uint8]
    baselines: NDArray[np.uint64]
    totals: NDArray[np.uint64]
    reached: NDArray[np.int64]
    excluded: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.baselines)
