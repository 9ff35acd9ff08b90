"""Rules on files that belong together: links, copies, codes."""
