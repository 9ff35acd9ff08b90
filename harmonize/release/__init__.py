"""What leaves the store, and when: the life of a submission, copies without what is held back, releases."""
