// placeholder until the target's owner writes it
