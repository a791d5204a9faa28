"""Helpers of scripts/check-aarch64: what runs inside an arm64 root."""
