"""What is booked on a local Musement: carts, orders, payments, and who is told of them."""
