"""The verbs: all that changes the books. One function a verb, one transaction, one audit entry."""
