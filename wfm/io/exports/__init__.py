"""
Files in the forms that other programs open: one module a form.
"""
