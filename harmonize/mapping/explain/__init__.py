"""What a mapping does, in words: checks, advice, descriptions, impact."""
