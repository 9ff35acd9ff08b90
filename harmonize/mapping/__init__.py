"""LinkML-Map specifications: reading, compiling to SQL, checking."""
