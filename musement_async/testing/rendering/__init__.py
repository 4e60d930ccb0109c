"""The catalogue as the API's JSON and as documents."""
