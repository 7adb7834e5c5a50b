"""
One replication, contact by contact: what happens to each when these people answer.

The rules, which `tests/simulation/plain.py` tells a second time in plain Python:

- A person on contacts with nothing to do takes the first waiting contact of the first
  queue in their list that has one (with ``oldest``, whoever of all their queues has waited
  longest); otherwise they are idle.
- An arriving contact goes to an idle person whose list holds its queue highest; among
  those, to whoever has been idle longest. Otherwise it waits, first come first served.
- Who waits beyond their patience, or beyond the end of the session, hangs up; and comes
  back after a delay where a next attempt is drawn.
- At the end of a block the named person finishes the call, then goes; a break starts then
  and keeps its length; every other activity stays where it is. With ``anonymous`` only the
  number of people counts: whoever of the group is idle, else whoever finishes first, goes
  in their place.
- Contacts of one person may overlap where the queue allows it (chat): each goes on at a
  speed that depends on how many there are. New ones go to idle people first, then to the
  person with the fewest in hand, then to whoever took one least recently.
- Deferrable work is taken only while at least ``reserve`` other people who share a live
  queue are idle.

At one instant: blocks end, then people become free (in order of their number), then
callers hang up or come back, then contacts arrive.

All compiled code stands in this one file: what is kept on disk is renewed when the file
changes, but not when a file that it imports does.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from wfm.simulation.team import BREAK, CONTACTS, PAUSE

COMING, WAITING, SERVED, LOST = 0, 1, 2, 3  # what became of a contact
OFF, IDLE, BUSY = 0, 1, 2  # what a person does
ORDINARY, OFFERED_CALLBACK, CALLBACK = 0, 1, 2  # kinds: the second goes on in one of the third

# A contact. Drawn: its arrival (infinite for an attempt not yet made), handle time at
# efficiency one, patience, its queue and kind, the row of its next attempt (-1: none) and
# the delay until then. Played: when its patience ends, start and end of its handling, when
# the stretch of work began that ended with it, the block in which it was taken. Seconds;
# NaN is never. Small, because what fits the processor's cache is played faster.
CONTACT = np.dtype(
    [
        *((name, np.float64) for name in ("arrival", "work", "patience", "delay")),
        *((name, np.float64) for name in ("deadline", "start", "end", "busy")),
        *((name, np.int32) for name in ("again", "block", "next")),
        *(("queue", np.int16), ("kind", np.int8), ("state", np.int8)),
    ]
)

# A person: their blocks from ``first`` to before ``stop``, the present or next ``block``,
# contacts in hand (``load``, of at most ``limit``; ``row`` where it is one), who is
# ``before`` and ``after`` them in the list of idle people; idle or last assigned ``since``,
# in hand brought up to ``touched``, ``working`` since.
PERSON = np.dtype(
    [
        *((name, np.float64) for name in ("since", "touched", "working")),
        *((name, np.int32) for name in ("first", "stop", "block", "mode", "load", "limit", "row")),
        *((name, np.int32) for name in ("before", "after")),
    ]
)
GROUP = np.dtype([("head", np.int64), ("tail", np.int64), ("idle", np.int64)])
LINE = np.dtype([(n, np.int64) for n in ("head", "tail", "room", "reserve")])


class Floor(NamedTuple):
    """
    How queues work, whoever comes.

    ``clear`` [queues, intervals]: when callers who arrived in an interval are sent home,
    seconds; -1 closed. ``width`` is the interval in seconds. ``room`` [queues]: contacts
    that one person handles at once. ``slow`` [queues, rooms + 1]: how many times longer
    each takes among so many. ``reserve`` [queues]: people who must stay idle.
    ``live`` [groups, groups]: whether two groups share a queue without reserve. ``oldest``:
    people take whoever has waited longest, whatever the order of their list. ``anonymous``:
    people of a group, all equally efficient, go home for each other.
    """

    clear: np.ndarray
    width: float
    room: np.ndarray
    slow: np.ndarray
    reserve: np.ndarray
    live: np.ndarray
    oldest: bool = False
    anonymous: bool = False


def kernel(function: Any) -> Any:
    """
    Compile at first use and keep the machine code beside the module.

    All arrays belong to whoever calls: counting references to them in every helper, which
    ``_nrt=False`` leaves out, takes three times as long as the simulation itself. So does
    handing them on, seven words an array, which ``forceinline`` saves.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "forceinline": True}
    return njit(**options)(function)


@kernel
def _expect(keys, whose, agent, moment):
    """
    The agent next becomes free at ``moment``, or never; replaces what was expected before.

    Moments stand in a tournament (Knuth, The Art of Computer Programming 3, 5.4.1): float
    ``keys`` [2 x leaves], seconds, and ``whose`` they are. The leaves, from the middle on,
    are people in order of number; node i has the earlier of nodes 2i and 2i + 1, the lower
    number where they are equal, so node 1 comes first of all. Whom a node names is reckoned,
    not branched to: a processor would guess wrong every other time.
    """
    place = (len(keys) >> 1) + agent
    keys[place] = moment
    while place > 1:
        beside = place ^ 1
        theirs = keys[beside]
        beaten = (theirs < moment) | ((theirs == moment) & (beside < place))
        agent += beaten * (whose[beside] - agent)
        moment = min(moment, theirs)
        place >>= 1
        keys[place], whose[place] = moment, agent


@kernel
def _remember(late, late_time, size, moment, row):
    """Look at a contact again at ``moment``: it hangs up or comes back."""
    place = size[0]
    size[0] += 1
    while place > 0:
        above = (place - 1) >> 1
        other = late_time[above]
        if other < moment or (other == moment and late[above] < row):
            break
        late[place] = late[above]
        late_time[place] = other
        place = above
    late[place] = row
    late_time[place] = moment


@kernel
def _next_late(late, late_time, size):
    first = late[0]
    size[0] -= 1
    last = size[0]
    row, moment = late[last], late_time[last]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= last:
            break
        right = below + 1
        if right < last and (
            late_time[right] < late_time[below]
            or (late_time[right] == late_time[below] and late[right] < late[below])
        ):
            below = right
        if moment < late_time[below] or (moment == late_time[below] and row < late[below]):
            break
        late[place] = late[below]
        late_time[place] = late_time[below]
        place = below
    late[place] = row
    late_time[place] = moment
    return first


@kernel
def _walk(people, blocks, agent, block, now):
    """Off contacts from ``now`` on: take the breaks due; when on contacts again, or never."""
    clock = now
    for later in range(block + 1, people[agent].stop):
        if blocks[later].present == 0:
            continue
        start, end = blocks[later].start, blocks[later].end
        kind = blocks[later].kind
        if kind == CONTACTS:
            if clock < end:
                people[agent].block = later
                blocks[later].began = max(clock, start)
                return max(clock, start)
        elif kind in (BREAK, PAUSE):
            if clock < blocks[later].duty_end:
                begin = max(clock, start)
                blocks[later].began = begin
                clock = min(begin + end - start, blocks[later].duty_end)
        else:
            clock = max(clock, end)
    people[agent].block = -1
    return np.inf


@kernel
def _go_on(people, blocks, keys, whose, agent, block, now):
    people[agent].mode = OFF
    moment = _walk(people, blocks, agent, block, now)
    if moment < np.inf:
        _expect(keys, whose, agent, moment)


@kernel
def _join_idle(people, groups, agent, group, now):
    last = groups[group].tail
    people[agent].mode = IDLE
    people[agent].since = now
    people[agent].before = last
    people[agent].after = -1
    if last >= 0:
        people[last].after = agent
    else:
        groups[group].head = agent
    groups[group].tail = agent
    groups[group].idle += 1


@kernel
def _leave_idle(people, groups, agent, group):
    earlier, later = people[agent].before, people[agent].after
    if earlier >= 0:
        people[earlier].after = later
    else:
        groups[group].head = later
    if later >= 0:
        people[later].before = earlier
    else:
        groups[group].tail = earlier
    groups[group].idle -= 1


@kernel
def _queue_up(rows, lines, row, queue):
    rows[row].state = WAITING
    rows[row].next = -1
    last = lines[queue].tail
    if last >= 0:
        rows[last].next = row
    else:
        lines[queue].head = row
    lines[queue].tail = row


@kernel
def _first_waiting(rows, lines, queue, now):
    """Who is next in a line, -1 for nobody. Who has hung up leaves the line here."""
    row = lines[queue].head
    while row >= 0 and (rows[row].state != WAITING or rows[row].deadline < now):
        rows[row].state = LOST
        row = rows[row].next
    lines[queue].head = row
    if row < 0:
        lines[queue].tail = -1
    return row


@kernel
def _call_up(rows, lines, queue):
    """The first of a line leaves it to be served."""
    row = lines[queue].head
    lines[queue].head = rows[row].next
    if rows[row].next < 0:
        lines[queue].tail = -1
    return row


@kernel
def _carry_on(people, rows, slot, todo, slow, agent, now):
    """Bring several contacts in hand up to ``now``."""
    load = people[agent].load
    passed = now - people[agent].touched
    for k in range(load):
        todo[agent, k] -= passed / slow[rows[slot[agent, k]].queue, load]
    people[agent].touched = now


@kernel
def _soonest(people, rows, slot, todo, slow, agent):
    """Slot of the contact in hand that ends first, and the seconds until then."""
    load = people[agent].load
    best, wait = 0, np.inf
    for k in range(load):
        needed = todo[agent, k] * slow[rows[slot[agent, k]].queue, load]
        if needed < wait:
            best, wait = k, needed
    return best, max(wait, 0.0)


@kernel
def _serve(people, rows, lines, keys, whose, slot, todo, slow, pace, agent, row, now):
    queue = rows[row].queue
    load = people[agent].load
    room = lines[queue].room
    work = rows[row].work * pace[agent, queue]
    rows[row].state = SERVED
    rows[row].start = now
    rows[row].block = people[agent].block
    people[agent].since = now
    people[agent].load = load + 1
    if load == 0:
        people[agent].mode = BUSY
        people[agent].working = now
        people[agent].touched = now
        people[agent].limit = room
        people[agent].row = row
    if room == 1:
        _expect(keys, whose, agent, now + work * slow[queue, 1])
        return
    if load > 0:
        people[agent].load = load
        _carry_on(people, rows, slot, todo, slow, agent, now)
        people[agent].load = load + 1
        people[agent].limit = min(people[agent].limit, room)
    slot[agent, load] = row
    todo[agent, load] = work
    _, wait = _soonest(people, rows, slot, todo, slow, agent)
    _expect(keys, whose, agent, now + wait)


@kernel
def _finish(people, rows, slot, todo, slow, agent, now):
    """One contact in hand is over."""
    row = people[agent].row
    if people[agent].limit > 1:
        _carry_on(people, rows, slot, todo, slow, agent, now)
        done, _ = _soonest(people, rows, slot, todo, slow, agent)
        row = slot[agent, done]
        last = people[agent].load - 1
        slot[agent, done] = slot[agent, last]
        todo[agent, done] = todo[agent, last]
    people[agent].load -= 1
    rows[row].end = now
    if people[agent].load == 0:
        rows[row].busy = people[agent].working


@kernel
def _enough(groups, lines, live, group, queue, without):
    """Whether the reserve stays whole when somebody of a group takes deferrable work."""
    reserve = lines[queue].reserve
    if reserve <= 0 or not live[group, group]:
        return True
    spare = -without
    for other in range(live.shape[0]):
        if live[group, other]:
            spare += groups[other].idle
    return spare >= reserve


@kernel
def _longest_idle(people, groups, lines, servers, rank, live, queue):
    """The idle person for a contact, -1 for nobody."""
    best, best_rank = -1, -1
    for k in range(servers.shape[1]):
        group = servers[queue, k]
        if group < 0 or (best >= 0 and rank[group, queue] > best_rank):
            break
        agent = groups[group].head
        if agent < 0 or not _enough(groups, lines, live, group, queue, 1):
            continue
        if best < 0 or people[agent].since < people[best].since:
            best, best_rank = agent, rank[group, queue]
    return best


@kernel
def _least_loaded(people, blocks, lines, rank, queue, now):
    """The person with room for one contact more, fewest in hand first; -1 for nobody."""
    best = -1
    for agent in range(len(people)):
        load = people[agent].load
        if load == 0 or load >= min(people[agent].limit, lines[queue].room):
            continue
        block = people[agent].block
        if now >= blocks[block].end or rank[blocks[block].group, queue] < 0:
            continue
        if (
            best < 0
            or load < people[best].load
            or (load == people[best].load and people[agent].since < people[best].since)
        ):
            best = agent
    return best


@kernel
def _next_queue(people, rows, lines, groups, order, live, agent, group, oldest, now):
    """The queue from which somebody takes the next contact, -1 for none."""
    load, best = people[agent].load, -1
    for k in range(order.shape[1]):
        queue = order[group, k]
        if queue < 0:
            break
        if load > 0 and load >= min(people[agent].limit, lines[queue].room):
            continue
        if load == 0 and not _enough(groups, lines, live, group, queue, 0):
            continue
        row = _first_waiting(rows, lines, queue, now)
        if row >= 0 and (best < 0 or rows[row].arrival < rows[lines[best].head].arrival):
            best = queue
            if not oldest:
                break
    return best


@kernel
def _take_waiting(
    people, rows, lines, groups, keys, whose, slot, todo, order, slow, pace, live, agent,
    group, oldest, now,
):  # fmt: skip
    """Fill a person's hands from the lines; they are not yet among the idle."""
    while True:
        queue = _next_queue(people, rows, lines, groups, order, live, agent, group, oldest, now)
        if queue < 0:
            return
        row = _call_up(rows, lines, queue)
        _serve(people, rows, lines, keys, whose, slot, todo, slow, pace, agent, row, now)


@kernel
def _release(
    people,
    rows,
    blocks,
    lines,
    groups,
    keys,
    whose,
    slot,
    todo,
    servers,
    rank,
    slow,
    pace,
    live,
    now,
):
    """Give deferrable work to people who are idle beyond the reserve."""
    for queue in range(len(lines)):
        while lines[queue].reserve > 0 and _first_waiting(rows, lines, queue, now) >= 0:
            agent = _longest_idle(people, groups, lines, servers, rank, live, queue)
            if agent < 0:
                break
            _leave_idle(people, groups, agent, blocks[people[agent].block].group)
            row = _call_up(rows, lines, queue)
            _serve(people, rows, lines, keys, whose, slot, todo, slow, pace, agent, row, now)


@kernel
def play(  # noqa: PLR0912, PLR0915 - one branch an event
    people, rows, blocks, ends, base, groups, lines, keys, whose, slot, todo, late, late_time, size,
    order, rank, servers, pace, clear, width, slow, live, deferred, oldest, anonymous,
):  # fmt: skip
    """
    Play one replication through to its last event.

    ``ends`` are the blocks on contacts in order of their end; ``base`` is the number of
    contacts that arrive by themselves. The rest are columns of ``Skills`` and ``Floor``,
    and empty lists to play with: plain arrays, because compiled code that is kept on disk
    must not depend on classes.
    """
    for agent in range(len(people)):
        _go_on(people, blocks, keys, whose, agent, people[agent].first - 1, -np.inf)
    row, last = 0, 0
    while True:
        ending = blocks[ends[last]].end if last < len(ends) else np.inf
        free = keys[1]
        again = late_time[0] if size[0] > 0 else np.inf
        coming = rows[row].arrival if row < base else np.inf
        now = min(ending, free, again, coming)
        if now == np.inf:
            return
        new = -1
        if ending == now:
            _end_block(people, blocks, groups, keys, whose, ends[last], anonymous, now)
            last += 1
        elif free == now:
            agent = whose[1]
            leaf = (len(keys) >> 1) + agent
            keys[leaf] = -np.inf  # until it is known what comes next
            block = people[agent].block
            if people[agent].mode == BUSY:
                _finish(people, rows, slot, todo, slow, agent, now)
                if anonymous and now < blocks[block].end and people[agent].load == 0:
                    other = _overdue(people, blocks, agent, now)
                    if other >= 0:
                        _swap(people, blocks, agent, other)
                        block = people[agent].block
            if now < blocks[block].end:
                group = blocks[block].group
                _take_waiting(
                    people, rows, lines, groups, keys, whose, slot, todo, order, slow, pace,
                    live, agent, group, oldest, now,
                )  # fmt: skip
                if people[agent].load == 0:
                    _join_idle(people, groups, agent, group, now)
                    if deferred:
                        _release(
                            people, rows, blocks, lines, groups, keys, whose, slot, todo,
                            servers, rank, slow, pace, live, now,
                        )  # fmt: skip
            elif people[agent].load == 0:
                blocks[block].left = now
                _go_on(people, blocks, keys, whose, agent, block, now)
            if keys[leaf] == -np.inf:
                wait = np.inf
                if people[agent].load > 0:
                    _, wait = _soonest(people, rows, slot, todo, slow, agent)
                _expect(keys, whose, agent, now + wait)
        elif again == now:
            other = _next_late(late, late_time, size)
            if rows[other].state == COMING:
                rows[other].arrival = now
                new = other
            elif rows[other].state == WAITING:
                rows[other].state = LOST
                _remember(late, late_time, size, now + rows[other].delay, rows[other].again)
        else:
            new = row
            row += 1
        if new >= 0:
            waits = _arrive(
                people, rows, blocks, groups, lines, keys, whose, slot, todo,
                rank, servers, pace, clear, width, slow, live, new, now,
            )  # fmt: skip
            if waits and rows[new].again >= 0:
                _remember(late, late_time, size, rows[new].deadline, new)


@kernel
def _swap(people, blocks, a, b):
    """Two people take over each other's duties."""
    for name in range(2):
        agent, other = (a, b) if name == 0 else (b, a)
        for k in range(people[agent].first, people[agent].stop):
            blocks[k].agent = other
    first, stop, block = people[a].first, people[a].stop, people[a].block
    people[a].first, people[a].stop, people[a].block = (
        people[b].first,
        people[b].stop,
        people[b].block,
    )
    people[b].first, people[b].stop, people[b].block = first, stop, block


@kernel
def _overdue(people, blocks, agent, now):
    """Somebody of the same group who is busy past the end of their block, -1 for nobody."""
    group = blocks[people[agent].block].group
    for other in range(len(people)):
        block = people[other].block
        late = people[other].mode == BUSY and blocks[block].end <= now
        if late and other != agent and blocks[block].group == group:
            return other
    return -1


@kernel
def _end_block(people, blocks, groups, keys, whose, block, anonymous, now):
    """Who is idle at the end of their block goes; who is not goes after the call."""
    agent, group = blocks[block].agent, blocks[block].group
    if people[agent].block != block or people[agent].mode == OFF:
        return
    if people[agent].mode == BUSY and anonymous:
        other = groups[group].head
        while other >= 0 and blocks[people[other].block].end <= now:
            other = people[other].after
        if other >= 0:
            _swap(people, blocks, agent, other)
            agent = other
    if people[agent].mode == IDLE:
        _leave_idle(people, groups, agent, group)
        blocks[block].left = now
        _go_on(people, blocks, keys, whose, agent, block, now)


@kernel
def _arrive(
    people, rows, blocks, groups, lines, keys, whose, slot, todo,
    rank, servers, pace, clear, width, slow, live, row, now,
):  # fmt: skip
    """A contact comes; whether it waits."""
    queue = rows[row].queue
    interval = int(now / width)
    closing = clear[queue, interval] if interval < clear.shape[1] else -1.0
    rows[row].deadline = max(now, min(now + rows[row].patience, closing))
    if closing < now:
        rows[row].state = LOST
        return False
    agent = _longest_idle(people, groups, lines, servers, rank, live, queue)
    if agent >= 0:
        _leave_idle(people, groups, agent, blocks[people[agent].block].group)
    elif lines[queue].room > 1:
        agent = _least_loaded(people, blocks, lines, rank, queue, now)
    if agent < 0:
        _queue_up(rows, lines, row, queue)
        return True
    _serve(people, rows, lines, keys, whose, slot, todo, slow, pace, agent, row, now)
    return False


@kernel
def play_line(people, rows, blocks, keys, whose, clear, width, pace, slow):
    """
    Play one replication of a single queue without chats, reserves or further attempts.

    Then everybody is served in order of arrival by whoever has been free longest, or is
    free first: the moments at which people become free say all. Who is free longest may
    have gone home meanwhile; that is found when they come first.
    """
    for agent in range(len(people)):
        begin = _walk(people, blocks, agent, people[agent].first - 1, -np.inf)
        _expect(keys, whose, agent, begin)
    for row in range(len(rows)):
        now = rows[row].arrival
        interval = int(now / width)
        closing = clear[0, interval] if interval < clear.shape[1] else -1.0
        deadline = max(now, min(now + rows[row].patience, closing))
        rows[row].deadline = deadline
        rows[row].state = LOST
        while closing >= now:
            agent, free = whose[1], keys[1]
            if free > deadline or free == np.inf:
                break
            block = people[agent].block
            moment = max(free, now)
            end = blocks[block].end
            if moment < end:
                done = moment + rows[row].work * pace[agent, 0] * slow[0, 1]
                rows[row].state = SERVED
                rows[row].start = rows[row].busy = moment
                rows[row].end = done
                rows[row].block = block
                if done >= end:
                    blocks[block].left = done
                    done = _walk(people, blocks, agent, block, done)
                _expect(keys, whose, agent, done)
                break
            blocks[block].left = end
            _expect(keys, whose, agent, _walk(people, blocks, agent, block, end))
    for agent in range(len(people)):
        while people[agent].block >= 0:
            block = people[agent].block
            blocks[block].left = blocks[block].end
            _walk(people, blocks, agent, block, blocks[block].end)
