"""Benchmarks and evaluators: what the speed and the quality are, measured."""
