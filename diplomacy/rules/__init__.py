"""The conference system's rules: values in, decisions with reasons out. No Django, no clock, no randomness."""
