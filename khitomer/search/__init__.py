"""One search over everything that a viewer may see, on two engines."""
