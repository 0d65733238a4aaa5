"""Exports: what can be taken along, the gate that they pass, and the files that the worker makes of large ones.

`kinds` says what there is, `gate` lets one pass a minute, `spans` cuts what is too much, `asking` writes down what was
asked for, `running` makes the file, `tending` cares for what has died or is over, `keeping` holds the files.
"""
