"""Cards of the local Musement: they stand for the tokens that payment gateways give for cards and accounts."""

ACCEPTED_CARD = "local-card"
REFUSED_CARD = "local-card-refused"
SECURED_CARD = "local-card-3d-secure"
