"""Runs every benchmark beside this file, one after another."""

import argparse
import subprocess
import sys
from pathlib import Path

# What each needs to run on little data.
QUICK = {
    "boards.py": ["--players", "5000", "--rounds", "2"],
    "decode.py": ["--players", "2000", "--rounds", "2"],
    "request_log.py": ["--quick"],
    "sockets.py": ["--quick"],
    "passwords.py": ["--quick"],
    "settlement.py": ["--quick"],
    "sync.py": ["--quick"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data: that they run, not how fast")
    given = parser.parse_args()
    failed = []
    for name, quick in QUICK.items():
        print(f"== {name}", flush=True)
        arguments = quick if given.quick else []
        if subprocess.run(
            [sys.executable, Path(__file__).with_name(name), *arguments], check=False
        ).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
