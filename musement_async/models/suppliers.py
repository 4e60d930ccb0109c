"""Suppliers."""

from uuid import UUID

from musement_async.models._base import Model


class Supplier(Model, frozen=True, kw_only=True):
    """Who runs an activity. The object is present but empty where Musement does not tell.

    Attributes:
        code: Musement's code for the supplier.
        company_legal_name: The name it is registered under.
        country_code: ISO 3166-1 alpha-2.
        city: A name; not a reference to a city of the catalogue.
        activities_count: How many of its activities Musement sells.
    """

    uuid: UUID | None = None
    code: str | None = None
    company_name: str | None = None
    company_legal_name: str | None = None
    website: str | None = None
    country_code: str | None = None
    address: str | None = None
    zip_code: str | None = None
    city: str | None = None
    logo_url: str | None = None
    activities_count: int | None = None
