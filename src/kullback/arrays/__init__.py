"""Arrays: the only room that asks whose array this is."""
