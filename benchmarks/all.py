"""Runs every benchmark beside this file, one after another. Each of them knows `--quick`."""

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data: that they run, not how fast")
    quick = ["--quick"] if parser.parse_args().quick else []
    failed = []
    for benchmark in sorted(Path(__file__).parent.glob("*.py")):
        if benchmark.samefile(__file__):
            continue
        print(f"== {benchmark.name}", flush=True)
        if subprocess.run([sys.executable, benchmark, *quick], check=False).returncode:
            failed.append(benchmark.name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
