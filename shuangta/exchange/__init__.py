"""Exchange with spreadsheets: what a sheet of a model's rows is, written for editors and read back.

``columns`` says which columns a sheet may have; ``amounts``, ``days``, ``choices`` and ``references`` say how the
cells of each kind are written and understood. ``readers`` reads what an editor sends as a ``Sheet``,
``reading`` understands its rows, and ``proposals`` shows what they would do and does it, on ``shuangta.api.plans``.
Nothing is guessed: what can be meant in two ways is refused, and what was not written as it is stored is shown.
"""
