"""How fast the engine is on this machine: each figure beside brute force and the memory's rate."""

from evaluation.bench.run import BENCHMARKS, run_benchmarks

__all__ = ["BENCHMARKS", "run_benchmarks"]
