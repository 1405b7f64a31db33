"""A study is a list of questions; each is one folder with files of fixed names, and this is the one list of them."""

ORDER = (
    "threat",
    "road_map",
    "coverage",
    "comparison",
    "integration",
    "partner_radars",
    "discrimination",
    "contributions",
    "elements",
    "robustness",
    "raids",
)
