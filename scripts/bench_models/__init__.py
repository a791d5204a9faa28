"""Models for the benches: the shape and cost of real ones, random weights."""
