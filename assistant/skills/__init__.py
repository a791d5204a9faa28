"""Skills: what is answered without the model. One file a skill; ours and strangers' register through the same door."""
