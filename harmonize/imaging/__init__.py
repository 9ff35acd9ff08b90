"""Imaging: linking series and studies to persons, visits and procedures."""
