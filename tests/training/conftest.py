"""Trainings need the `[train]` extra: `pip install -e .[dev,train]`. Without torch nothing here is collected."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") and find_spec("tokenizers") else ["test_*.py"]
