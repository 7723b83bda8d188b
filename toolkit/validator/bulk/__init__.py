"""
Lines of JSON in bulk: where they come from, how they are judged fast, and what is told about them.

``source`` cuts an input into blocks of whole lines, ``judging`` gives verdicts on a block, ``processes`` spreads the blocks,
``report`` and ``rejects`` keep what was found. ``learning`` makes line templates for ``judging``, out of ``shape`` (how the lines
are written), ``template`` (what the schema allows there), ``scalars``, ``numerals`` and ``charset`` (the text of one value).
"""
