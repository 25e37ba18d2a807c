"""Methods: how we find out. One algorithm a file; choose.py tries them in order."""
