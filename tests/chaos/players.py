"""The players: threads that take a story, look where it stands, and do the next thing, until it is closed."""

import threading
import time
from collections import deque

from .desks import Unknown

PAUSE = 0.02


def next_act(record, story):
    """The verb that is next; "" to wait for the worker, None when the story is over."""
    if record.state == "closed":
        return None
    if record.state == "reviewing":
        return "decide"
    if record.state == "confirming":
        if record.confirm_until is None:
            return ""
        return "answer" if record.reminders else "remind"
    if record.round == 1:
        if story.kind == "late" or story.kind == "soon" and record.due_soon_told_at is None:
            return ""
        if story.beside:
            return story.beside.pop()
    return "reply"


class Company:
    """The players of one process. `say(kind, **what)` tells what happened: ack, refused, unknown, broken."""

    def __init__(self, desk, stories, say, *, place):
        self.desk, self.say, self.place = desk, say, place
        self._stories, self._left, self._door = deque(stories), len(stories), threading.Lock()
        self._acts, self._doing = 0, threading.local()

    def play(self, players):
        threads = [threading.Thread(target=self._player) for _ in range(players)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _player(self):
        from django.db import connection

        try:
            while self._left:
                with self._door:
                    story = self._stories.popleft() if self._stories else None
                if story is None or not self._play(story):
                    time.sleep(PAUSE)
        finally:
            connection.close()

    def _play(self, story):
        """Plays until it waits, is over or fails; True when something was done."""
        done = False
        while (act := self._safely(story, self._one)) is True:
            done = True
        with self._door:
            if act is None:
                self._left -= 1
            else:
                self._stories.append(story)
        return done

    def _safely(self, story, one):
        """What `one` answers; False when nobody can say what happened."""
        from django.db import Error, close_old_connections

        from shop_cs.moves import Refused

        self._doing.what = "look"
        close_old_connections()
        try:
            return one(story)
        except Refused as refused:
            self.say("refused", no=story.no, act=self._doing.what, why=refused.refusal.code)
            return True
        except (Error, Unknown) as error:
            why = f"{type(error).__name__}: {error}".split("\n")[0][:300]
            self.say("unknown", no=story.no, act=self._doing.what, why=why)
        except Exception as error:
            self.say("broken", no=story.no, act=self._doing.what, why=repr(error)[:300])
            time.sleep(PAUSE)
        return False

    def _one(self, story):
        """One look and one act; True when done, "" to wait, None at the end."""
        from shop_cs import moment
        from tickets.models import ServiceRequest

        if not story.no:
            self._doing.what = "create"
            story.no = self.desk.create(story, now=moment.now())
            self.say("ack", no=story.no, act="create", mark=story.name)
            return True
        rows = ServiceRequest.everything.select_related("rulebook", "shop", "order")
        record = rows.get(no=story.no)
        act = next_act(record, story)
        if not act:
            return act
        self._doing.what = act
        with self._door:
            self._acts += 1
            mark = f"{story.name}-{self.place}-{self._acts}"
        later = getattr(self.desk, act)(record, story, mark, now=moment.now())
        self.say("ack", no=story.no, act=act, mark=mark)
        if later:
            later()
        return True
