"""
One JSON Schema judges the events, makes the table and explains the DataFrame.

The public names load when first used, so that ``import toolkit`` stays light.
"""

__version__ = "0.1.0"
