"""
``%%athena`` and ``%athena``: SQL in a cell, rows in a DataFrame.

    %load_ext toolkit
"""

from toolkit.magics.athena import AthenaMagics, load
from toolkit.magics.options import MagicOptions, read_options

__all__ = ["AthenaMagics", "MagicOptions", "load", "read_options"]
