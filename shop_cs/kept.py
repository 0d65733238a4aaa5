"""What is made once and used often, in this process."""

import threading


class Kept:
    """What was made for each key, so many at most: with one more all go, and what is used still is soon there again.

    A key has to say all that what is made depends on, the language too: nothing is ever made anew for it.
    """

    def __init__(self, most):
        self._most, self._made, self._door = most, {}, threading.Lock()

    def get(self, key, make):
        """What `make()` made for this key; two threads may make the same at once, which is the same."""
        found = self._made.get(key, self)
        if found is self:
            found = make()
            with self._door:
                if len(self._made) >= self._most:
                    self._made = {}
                self._made[key] = found
        return found
