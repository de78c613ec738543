"""Loaded by LocalStack's own interpreter, found through the metadata beside this folder."""
