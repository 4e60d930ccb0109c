"""The affiliates of the local Musement: the partner of the client credentials, and another one."""

from uuid import NAMESPACE_URL, uuid5

from attrs import frozen

from musement_async.testing.rendering.activities import Json, image_url
from musement_async.testing.server.collection import Collection


@frozen
class Affiliate:
    """A partner whose site customers come from."""

    code: str
    name: str

    @property
    def uuid(self) -> str:
        """The UUID; the API's paths call it ``supplierUuid``."""
        return str(uuid5(NAMESPACE_URL, f"affiliate/{self.code}"))

    def json(self) -> Json:
        """The affiliate of ``GET /affiliates/{affiliateCode}``."""
        return {
            "uuid": self.uuid,
            "email": f"{self.code}@example.com",
            "code": self.code,
            "name": self.name,
            "logo_url": image_url("affiliate", self.code),
            "header": None,
            "whitelabel": False,
            "show_cobranded_header": True,
            "translations": [{"locale": "en-US"}, {"locale": "it-IT"}],
        }


AFFILIATES = Collection(
    "affiliate",
    lambda affiliate: affiliate.code,
    (Affiliate("local-affiliate", "Local Affiliate"), Affiliate("other-affiliate", "Other Affiliate")),
)
OWN_AFFILIATE, OTHER_AFFILIATE = AFFILIATES
