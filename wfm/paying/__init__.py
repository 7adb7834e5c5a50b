"""
Pay: the tariff as priced words, and the cost of a roster item by item.
"""
