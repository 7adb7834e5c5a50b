"""
The truth of a plan: its calls, one by one.
"""
