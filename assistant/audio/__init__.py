"""Sound: devices and files behind the same two protocols."""
