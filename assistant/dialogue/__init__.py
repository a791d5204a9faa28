"""The dialogue: prompt, history, clauses, spoken form, the turn and the brain that steps it."""
