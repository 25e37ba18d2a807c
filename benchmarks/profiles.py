"""Profiles of ten mixed columns: how long they take, how large they are, and what they lose.

Writes the table of docs/how-to/profiles.md. Each job is a process of its own, from its start to
its end; memory is the most that it held at once.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from made_tables import made

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "profiles.md"
BUILD = Path(__file__).parents[1] / "build" / "bench"
MARKS = (
    "<!-- measured by `python benchmarks/profiles.py` -->\n",
    "<!-- end of the measured lines -->",
)
HEAD = "| job | seconds | CPU seconds | most memory |\n|---|---|---|---|\n"
KULLBACK = (sys.executable, "-c", "from kullback.cli import main; main()")


def ran(*arguments: str | Path) -> tuple[float, float, float]:
    """Seconds, CPU seconds and most MB of one command."""
    start = time.perf_counter()
    process = subprocess.Popen([*KULLBACK, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def line(work: str, *arguments: str | Path, runs: int) -> str:
    """One line of the table: medians of so many runs."""
    found = [ran(*arguments) for _ in range(runs)]
    seconds, busy = (statistics.median(each[at] for each in found) for at in (0, 1))
    return f"| {work} | {seconds:.1f} | {busy:.1f} | {max(each[2] for each in found):.0f} MB |"


def size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"


def errors(tables: tuple[str, str], profiles: tuple[Path, Path]) -> str:
    """What comparing profiles gives in place of comparing the rows, in words."""
    from kullback.tables import compare

    whole, found = compare(*tables), compare(*profiles)
    off = {
        column.column: abs(found[column.column].js - column.js) / (column.js or 1)
        for column in whole.columns
    }
    exact = [name for name in off if found[name].js == whole[name].js]
    sketched = [name for name in off if name not in exact]
    real = [name for name in sketched if whole[name].status == "differs"]
    alike = sum(found[name].status == whole[name].status for name in off)
    worst = max(real, key=off.__getitem__)
    return (
        f"Of {len(off)} columns {len(exact)} give every digit of JS ({', '.join(exact)}); of those "
        f"from sketches, JS of the {len(real)} that differ is off by {off[worst]:.1%} at most "
        f"({worst}); {alike} of {len(off)} have the same status."
    )


def measured(millions: list[int]) -> str:
    lines, words = [], []
    for many in millions:
        tables = made(BUILD, many)
        profiles = tuple(BUILD / f"{side}-{many}m.kbp" for side in ("reference", "current"))
        runs = 3 if many == 1 else 1
        for table, path in zip(tables, profiles, strict=True):
            if path is profiles[1]:
                ran("profile", table, "-o", path)
            else:
                lines.append(
                    line(f"`profile`, {many} M rows", "profile", table, "-o", path, runs=runs)
                )
        if many == 1:
            by = BUILD / "by-age.kbp"
            asked = "profile", tables[0], "-o", by, "--block", "age"
            lines.append(line("`profile --block age`, 1 M rows", *asked, runs=runs))
            words.append(
                f"The profile of 1 M rows ({size(Path(tables[0]))} of Parquet) has "
                f"{size(profiles[0])}, {size(by)} with 62 blocks."
            )
        else:
            words.append(
                f"That of {many} M rows ({size(Path(tables[0]))}) has {size(profiles[0])}."
            )
        lines.append(
            line(f"`compare` of two profiles of {many} M rows", "compare", *profiles, runs=3)
        )
        lines.append(line(f"`compare` of the same {many} M rows", "compare", *tables, runs=runs))
        words.append(f"At {many} M rows: {errors(tables, profiles)}")
    days = [str(BUILD / "reference-1m.kbp")] * 30
    lines.append(line("`merge` of 30 profiles", "merge", *days, "-o", BUILD / "month.kbp", runs=3))
    return HEAD + "\n".join(lines) + "\n\n" + "\n".join(words) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=20, help="million rows a side at most")
    asked = parser.parse_args()
    text = measured([many for many in (1, 20) if many <= asked.most])
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(f"{before}{MARKS[0]}{text}{MARKS[1]}{after}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
