"""How fast pages answer, as a ratio to a bare Django view measured in the same run."""
