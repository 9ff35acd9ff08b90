"""What tells who somebody is: found in texts, headers and names of files, masked or withheld."""
