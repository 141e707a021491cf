"""The rules: pure functions on frames and frozen values. No clock, no float, no I/O."""
