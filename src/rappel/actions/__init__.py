"""The verbs: all that changes the books, and the reads that compute.

One function a verb, one transaction a function, one audit entry a transaction.
"""
