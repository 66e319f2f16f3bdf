"""What is known about one region: facts as frames, models stored once, slices of the data."""

from functools import wraps


def once(method):
    """A function of a RegionData alone that is worked out once for it; every caller gets a copy."""
    name = f"_{method.__name__}"

    @wraps(method)
    def copied(self):
        if name not in vars(self):
            vars(self)[name] = method(self)
        return vars(self)[name].copy()

    return copied
