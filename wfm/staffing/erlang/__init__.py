"""
Queues in a steady state: Erlang B, C, A and X, exact from 0 to 100,000 erlangs.

Nothing here needs more than plain Python but ``batch``, which compiles the same
recursions for tables of many thousand rows.
"""
