"""The service: submissions, questions and studies in a browser and over HTTP (`harmonize serve`, extra `service`).

Nothing here is imported before the command runs. Clinical data stay in DuckDB files: jobs, processes of their own, own
the store; pages and the API read files that a job has put in place whole.
"""
