"""What is remembered beyond the recent turns: `slots` finds facts in what is said, `store` keeps them, `memory` joins both."""
