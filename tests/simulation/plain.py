"""
A slow simulator in plain Python, written from the semantics and sharing no code with the engine.

Nothing here is clever: people are looked through one by one, every caller who waits has
an event for hanging up, and chats are moved on whenever anything happens to their agent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass
class Caller:
    arrival: float
    work: float
    patience: float
    queue: str
    again: int = -1
    delay: float = 0.0
    deadline: float = math.nan
    start: float = math.nan
    end: float = math.nan
    agent: str = ""
    fate: str = "coming"  # waiting, served, lost
    left: float = 0.0  # seconds of handling still to do, alone


@dataclass
class Part:
    """One block: its kind is contacts, break or other."""

    start: float
    end: float
    kind: str
    queues: tuple[str, ...] = ()
    duty_end: float = math.inf
    began: float = math.nan
    went: float = math.nan
    over: bool = False


@dataclass
class Worker:
    name: str
    parts: list[Part]
    efficiency: dict[str, float]
    at: int = -1
    doing: str = "off"  # off, idle, busy, gone
    back: float = math.inf
    since: float = 0.0
    hand: list[Caller] = field(default_factory=list)
    touched: float = 0.0

    @property
    def part(self):
        return self.parts[self.at]


@dataclass
class Line:
    """How one queue works; ``closes`` maps a moment to when its callers are sent home."""

    closes: object
    room: int = 1
    slow: tuple[float, ...] = (1.0, 1.0)
    reserve: int = 0


class Plain:
    def __init__(self, workers, callers, base, lines, oldest=False, anonymous=False):
        self.oldest, self.anonymous = oldest, anonymous
        self.workers, self.callers, self.lines = workers, callers, lines
        self.coming = list(range(base))  # rows, in order of arrival
        self.returning = []  # (moment, row)
        self.waiting = {name: [] for name in lines}

    def run(self):
        for worker in self.workers:
            self.move_on(worker, -math.inf)
        while True:
            event = self.next_event()
            if event is None:
                return self
            now, _, _, act = event
            act(now)

    def next_event(self):
        """Earliest first; then ends of blocks, people, hanging up and coming back, arrivals."""
        found = []
        for number, w in enumerate(self.workers):
            if w.doing == "idle":
                found.append((w.part.end, 0, number, lambda t, w=w: self.block_ends(w, t)))
            elif w.doing == "off":
                found.append((w.back, 1, number, lambda t, w=w: self.comes_back(w, t)))
            elif w.doing == "busy":
                if self.anonymous and not w.part.over:
                    found.append((w.part.end, 0, number, lambda t, w=w: self.ends_busy(w, t)))
                due = w.touched + min(self.needs(c, len(w.hand)) for c in w.hand)
                found.append((max(due, w.touched), 1, number, lambda t, w=w: self.finishes(w, t)))
        for name, rows in self.waiting.items():
            for row in rows:
                moment = self.callers[row].deadline
                if moment < math.inf:
                    found.append((moment, 2, row, lambda t, n=name, r=row: self.hangs_up(n, r, t)))
        for moment, row in self.returning:
            found.append((moment, 2, row, lambda t, r=row: self.calls_again(r, t)))
        if self.coming:
            row = self.coming[0]
            found.append((self.callers[row].arrival, 3, row, self.next_arrives))
        return min(found, key=lambda e: e[:3]) if found else None

    def needs(self, caller, load):
        return caller.left * self.lines[caller.queue].slow[load]

    # people

    def move_on(self, worker, now):
        """The call is over, or the day begins: breaks that are due, then the next block."""
        clock = now
        for k in range(worker.at + 1, len(worker.parts)):
            part = worker.parts[k]
            if part.kind == "contacts" and clock < part.end:
                worker.at, worker.doing, worker.back = k, "off", max(clock, part.start)
                return
            if part.kind == "break" and clock < part.duty_end:
                part.began = max(clock, part.start)
                clock = min(part.began + (part.end - part.start), part.duty_end)
            if part.kind == "other":
                clock = max(clock, part.end)
        worker.doing = "gone"

    def block_ends(self, worker, now):
        worker.part.went = now
        self.move_on(worker, now)

    def ends_busy(self, worker, now):
        """Somebody idle goes for a busy person whose block is over, if anybody is."""
        worker.part.over = True
        able = [
            w
            for w in self.workers
            if w.doing == "idle" and w.part.queues == worker.part.queues and w.part.end > now
        ]
        if able:
            other = min(able, key=lambda w: w.since)
            self.swap(worker, other)
            self.block_ends(other, now)

    def swap(self, one, other):
        one.parts, other.parts = other.parts, one.parts
        one.at, other.at = other.at, one.at

    def comes_back(self, worker, now):
        worker.part.began = now
        self.look_for_work(worker, now)

    def catch_up(self, worker, now):
        load = len(worker.hand)
        for caller in worker.hand:
            caller.left -= (now - worker.touched) / self.lines[caller.queue].slow[load]
        worker.touched = now

    def finishes(self, worker, now):
        self.catch_up(worker, now)
        done = min(worker.hand, key=lambda c: self.needs(c, len(worker.hand)))
        worker.hand.remove(done)
        done.end = now
        if self.anonymous and not worker.hand and now < worker.part.end:
            late = [
                w
                for w in self.workers
                if w.doing == "busy"
                and w is not worker
                and w.part.end <= now
                and w.part.queues == worker.part.queues
            ]
            if late:
                self.swap(worker, late[0])
        if now < worker.part.end:
            self.look_for_work(worker, now)
        elif not worker.hand:
            worker.part.went = now
            self.move_on(worker, now)

    def has_room(self, worker, queue):
        rooms = [self.lines[c.queue].room for c in worker.hand] + [self.lines[queue].room]
        return not worker.hand or len(worker.hand) < min(rooms)

    def live(self, worker):
        return {q for q in worker.part.queues if self.lines[q].reserve == 0}

    def reserve_holds(self, worker, queue):
        """Whether enough others who share a live queue with the worker are idle."""
        mine = self.live(worker)
        if self.lines[queue].reserve == 0 or not mine:
            return True
        others = [
            w for w in self.workers if w is not worker and w.doing == "idle" and self.live(w) & mine
        ]
        return len(others) >= self.lines[queue].reserve

    def look_for_work(self, worker, now):
        while True:
            able = [
                queue
                for queue in worker.part.queues
                if self.waiting[queue]
                and self.has_room(worker, queue)
                and (worker.hand or self.reserve_holds(worker, queue))
            ]
            if not able:
                break
            if self.oldest:
                able.sort(key=lambda queue: self.callers[self.waiting[queue][0]].arrival)
            self.serve(worker, self.waiting[able[0]].pop(0), now)
        if not worker.hand:
            worker.doing, worker.since = "idle", now
            self.release(now)

    def release(self, now):
        for queue, line in self.lines.items():
            while line.reserve > 0 and self.waiting[queue]:
                worker = self.idle_for(queue)
                if worker is None:
                    break
                self.serve(worker, self.waiting[queue].pop(0), now)

    def serve(self, worker, row, now):
        caller = self.callers[row]
        self.catch_up(worker, now)
        caller.left = caller.work / worker.efficiency[caller.queue]
        caller.start, caller.agent, caller.fate = now, worker.name, "served"
        worker.hand.append(caller)
        worker.doing, worker.since = "busy", now

    # callers

    def idle_for(self, queue):
        able = [
            w
            for w in self.workers
            if w.doing == "idle" and queue in w.part.queues and self.reserve_holds(w, queue)
        ]
        return min(able, key=lambda w: (w.part.queues.index(queue), w.since), default=None)

    def partly_free_for(self, queue, now):
        able = [
            w
            for w in self.workers
            if w.doing == "busy"
            and now < w.part.end
            and queue in w.part.queues
            and self.has_room(w, queue)
        ]
        return min(able, key=lambda w: (len(w.hand), w.since), default=None)

    def next_arrives(self, now):
        self.arrives(self.coming.pop(0), now)

    def calls_again(self, row, now):
        self.returning = [(t, r) for t, r in self.returning if r != row]
        self.callers[row].arrival = now
        self.arrives(row, now)

    def arrives(self, row, now):
        caller = self.callers[row]
        line = self.lines[caller.queue]
        closing = line.closes(now)
        caller.deadline = max(now, min(now + caller.patience, closing))
        if closing < now:
            caller.fate = "lost"
            return
        worker = self.idle_for(caller.queue)
        if worker is None and line.room > 1:
            worker = self.partly_free_for(caller.queue, now)
        if worker is not None:
            self.serve(worker, row, now)
            return
        caller.fate = "waiting"
        self.waiting[caller.queue].append(row)

    def hangs_up(self, queue, row, now):
        self.waiting[queue].remove(row)
        self.callers[row].fate = "lost"
        again = self.callers[row].again
        if again >= 0:
            self.returning.append((now + self.callers[row].delay, again))
