"""Who sees a flight, when, and from when on a track exists."""
