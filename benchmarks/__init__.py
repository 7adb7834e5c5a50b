"""
Measurements of the product on fixed inputs.
"""
