"""What is known about one region: facts as frames, models stored once, slices of the data."""
