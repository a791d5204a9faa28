"""What the assistant is asked to be good at, each evaluation a function over the engines it judges."""
