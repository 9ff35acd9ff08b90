"""A store in shards: the pipeline on the patients of each, side by side, and one dataset of what they made."""
