"""
Questions beyond the next plan: what training people for a second queue would bring.
"""
