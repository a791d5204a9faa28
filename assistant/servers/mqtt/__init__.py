"""A home at an MQTT broker: things announce themselves as Home Assistant's discovery has it, and so does the assistant."""
