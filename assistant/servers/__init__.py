"""Doors to the outside, all on the asyncio loop; they reach the brain through `bridge` alone."""
