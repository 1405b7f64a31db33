"""Results in, document out: maps, figures, tables, page; the only place that imports plotting."""
