"""Cards of the local Musement, in place of what a payment gateway gives for a card or an account."""

ACCEPTED_CARD = "local-card"
REFUSED_CARD = "local-card-refused"
SECURED_CARD = "local-card-3d-secure"
