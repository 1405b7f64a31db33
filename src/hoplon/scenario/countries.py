"""ISO 3166-1 alpha-3 codes, and the codes of other lists that people write for them.

Source: ISO 3166-1:2020, the officially assigned codes (249).
"""

from typing import Final

ISO_3166_ALPHA_3: Final = frozenset(
    (
        "ABW", "AFG", "AGO", "AIA", "ALA", "ALB", "AND", "ARE", "ARG", "ARM", "ASM", "ATA",
        "ATF", "ATG", "AUS", "AUT", "AZE", "BDI", "BEL", "BEN", "BES", "BFA", "BGD", "BGR",
        "BHR", "BHS", "BIH", "BLM", "BLR", "BLZ", "BMU", "BOL", "BRA", "BRB", "BRN", "BTN",
        "BVT", "BWA", "CAF", "CAN", "CCK", "CHE", "CHL", "CHN", "CIV", "CMR", "COD", "COG",
        "COK", "COL", "COM", "CPV", "CRI", "CUB", "CUW", "CXR", "CYM", "CYP", "CZE", "DEU",
        "DJI", "DMA", "DNK", "DOM", "DZA", "ECU", "EGY", "ERI", "ESH", "ESP", "EST", "ETH",
        "FIN", "FJI", "FLK", "FRA", "FRO", "FSM", "GAB", "GBR", "GEO", "GGY", "GHA", "GIB",
        "GIN", "GLP", "GMB", "GNB", "GNQ", "GRC", "GRD", "GRL", "GTM", "GUF", "GUM", "GUY",
        "HKG", "HMD", "HND", "HRV", "HTI", "HUN", "IDN", "IMN", "IND", "IOT", "IRL", "IRN",
        "IRQ", "ISL", "ISR", "ITA", "JAM", "JEY", "JOR", "JPN", "KAZ", "KEN", "KGZ", "KHM",
        "KIR", "KNA", "KOR", "KWT", "LAO", "LBN", "LBR", "LBY", "LCA", "LIE", "LKA", "LSO",
        "LTU", "LUX", "LVA", "MAC", "MAF", "MAR", "MCO", "MDA", "MDG", "MDV", "MEX", "MHL",
        "MKD", "MLI", "MLT", "MMR", "MNE", "MNG", "MNP", "MOZ", "MRT", "MSR", "MTQ", "MUS",
        "MWI", "MYS", "MYT", "NAM", "NCL", "NER", "NFK", "NGA", "NIC", "NIU", "NLD", "NOR",
        "NPL", "NRU", "NZL", "OMN", "PAK", "PAN", "PCN", "PER", "PHL", "PLW", "PNG", "POL",
        "PRI", "PRK", "PRT", "PRY", "PSE", "PYF", "QAT", "REU", "ROU", "RUS", "RWA", "SAU",
        "SDN", "SEN", "SGP", "SGS", "SHN", "SJM", "SLB", "SLE", "SLV", "SMR", "SOM", "SPM",
        "SRB", "SSD", "STP", "SUR", "SVK", "SVN", "SWE", "SWZ", "SXM", "SYC", "SYR", "TCA",
        "TCD", "TGO", "THA", "TJK", "TKL", "TKM", "TLS", "TON", "TTO", "TUN", "TUR", "TUV",
        "TWN", "TZA", "UGA", "UKR", "UMI", "URY", "USA", "UZB", "VAT", "VCT", "VEN", "VGB",
        "VIR", "VNM", "VUT", "WLF", "WSM", "YEM", "ZAF", "ZMB", "ZWE",
    )
)  # fmt: skip

# Olympic, alpha-2 and old codes of the nations that this subject names.
MISTAKEN_FOR: Final = {
    "ALG": "DZA", "BE": "BEL", "BG": "BGR", "BUL": "BGR", "CA": "CAN", "CRO": "HRV", "CZ": "CZE", "DE": "DEU",
    "DEN": "DNK", "DK": "DNK", "EE": "EST", "ES": "ESP", "FR": "FRA", "GB": "GBR", "GER": "DEU", "GR": "GRC",
    "GRE": "GRC", "HR": "HRV", "HU": "HUN", "IR": "IRN", "IRI": "IRN", "IT": "ITA", "LAT": "LVA", "LT": "LTU",
    "LV": "LVA", "NED": "NLD", "NL": "NLD", "NO": "NOR", "PL": "POL", "POR": "PRT", "PT": "PRT", "RO": "ROU",
    "ROM": "ROU", "RU": "RUS", "SI": "SVN", "SK": "SVK", "SLO": "SVN", "SUI": "CHE", "TR": "TUR", "UK": "GBR",
    "US": "USA",
}  # fmt: skip
