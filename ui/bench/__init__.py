"""``nightdesk bench``: one table, each of our figures beside its limit measured in the same run."""
