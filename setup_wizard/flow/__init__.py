"""Set-up as data and pure functions: steps, messages, the machine, the work."""
