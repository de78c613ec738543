"""The company whose forum the demo is; it does not exist."""

NAME = "Nordlicht Haustechnik GmbH"
BRANDS = ("Nordlicht", "Nordlicht Home")
PRODUCT_SAFETY_MAIL = "produktsicherheit@nordlicht.example"
