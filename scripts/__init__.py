"""Commands that are run from the checkout, never imported by `assistant`."""
