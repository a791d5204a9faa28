"""A home at an MQTT broker: things that announce themselves as Home Assistant's discovery has it, and the assistant among them."""
