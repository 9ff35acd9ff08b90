"""Sequestration: a part of each site's patients is held back for validating AI (Baughan and others 2023)."""
