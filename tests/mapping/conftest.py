"""Puts the helpers of this folder where its rooms find them: pytest makes the folder of a conftest importable."""
