"""Which mix of sites on land and stations at sea is best for which budget."""

NUMBER = "Q5"
TITLE = "Sea or land: survivability against cost-effectiveness; what mix is best for what budget?"
SHORT_TITLE = "Mix"
