"""What identifies a person: found in texts, headers and names of files, masked or withheld."""
