"""Mappings for people: crosswalks to other consortia, reviews and sign-off, exchange with other tools, pages."""
