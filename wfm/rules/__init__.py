"""
Labour law as units: each rule says one sentence to the checker and to every solver.
"""
