"""Measurements of speed and memory: what docs/benchmarks.md claims, on the machine it runs on."""
