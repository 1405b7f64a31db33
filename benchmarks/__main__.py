"""Run every benchmark: ``python -m benchmarks``; ``--once`` runs each through on little work, to see that it runs."""

from __future__ import annotations

import argparse

from benchmarks import (
    bench_campaign,
    bench_commands,
    bench_coverage,
    bench_mix,
    bench_raid,
    bench_robust,
    bench_study,
    bench_subsets,
    bench_tracking,
    bench_what_if,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--once", action="store_true", help="once through, on little work; the figures mean nothing")
    once = parser.parse_args().once
    benchmarks = (
        bench_coverage,
        bench_what_if,
        bench_robust,
        bench_commands,
        bench_study,
        bench_subsets,
        bench_tracking,
        bench_raid,
        bench_campaign,
        bench_mix,
    )
    for benchmark in benchmarks:
        print(f"== {(benchmark.__doc__ or '').splitlines()[0]}")
        benchmark.measure(once=once)
        print(flush=True)


if __name__ == "__main__":
    main()
