"""What the acceptance tests stand on: the program, gateways for it to talk to, and applications that use it."""
