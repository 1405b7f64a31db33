"""How values read and look: words, tables, charts, maps; it knows no question."""
