"""What is made once and used often, in this process."""


class Kept:
    """What was made for each key. Of more than `most` the oldest goes; if two threads make it, they make the same.

    A key has to say all that what is made depends on, the language too: nothing is ever made anew for it.
    """

    def __init__(self, most):
        self._most, self._made = most, {}

    def get(self, key, make):
        """What `make()` made for this key."""
        found = self._made.get(key, self)
        if found is self:
            found = make()
            while len(self._made) >= self._most:
                self._made.pop(next(iter(self._made)), None)
            self._made[key] = found
        return found
