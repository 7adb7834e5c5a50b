"""
``wfm.toml``, typed: every key, its unit, its default.
"""
