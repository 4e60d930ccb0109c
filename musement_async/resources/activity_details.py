"""The details of one activity: texts, media, languages, forms and policies."""

from collections.abc import Mapping

import attrs

from musement_async.models.activities import Activity
from musement_async.models.bundles import Bundle
from musement_async.models.categories import Category
from musement_async.models.content import ActivityContent
from musement_async.models.countries import Country
from musement_async.models.destinations import Destination
from musement_async.models.flavours import Flavour
from musement_async.models.forms import FormSchema
from musement_async.models.labels import TranslatedMetadata
from musement_async.models.media import Media
from musement_async.models.pickups import Pickup
from musement_async.models.refund_policies import RefundPolicy
from musement_async.models.regions import Region
from musement_async.models.taxonomies import Taxonomy
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, drop_none, path, require
from musement_async.resources.parameters import Invalid, OneOrMore, Uuid
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_one_or_more, fetch_optional, post_for_all
from musement_async.values import BundleConfiguration


class ActivityDetails(Resource):
    """The details of one activity: texts, media, languages, forms and policies."""

    def bundles(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Bundle]:
        """Activities to recommend with an activity: ``GET /activities/{activityUuid}/bundles``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/bundles", activity_uuid=activity_uuid), Bundle
        )

    def children(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Activity]:
        """The variants of a parent activity: ``GET /activities/{activityUuid}/child-activities``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/child-activities", activity_uuid=activity_uuid),
            Activity,
        )

    def contact_form(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Category]:
        """The categories for questions about an activity: ``GET /activities/{activityUuid}/contact-form``.

        The API's description says only that the answer is a list of categories.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/contact-form", activity_uuid=activity_uuid),
            Category,
        )

    async def contact_request(self, activity_uuid: Uuid[Activity], fields: Mapping[str, object]) -> None:
        """Send a question about an activity: ``POST /activities/{activityUuid}/contact-requests``.

        Args:
            activity_uuid: The activity's UUID.
            fields: The filled form. The API's description does not list the fields.

        Raises:
            BadRequestError: The API does not accept them.
        """
        where = path("/activities/{activityUuid}/contact-requests", activity_uuid=activity_uuid)
        await self._core.send("POST", where, json=require(fields=parameters.fields(fields)))

    async def contents(self, activity_uuid: Uuid[Activity], locale_code: str) -> ActivityContent:
        """The texts of an activity in one language: ``GET /activities/{activityUuid}/contents/{localeCode}``.

        Args:
            activity_uuid: The activity's UUID.
            locale_code: The language, such as ``it``.

        Raises:
            NotFoundError: There is no such activity, or it has no texts in that language.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path(
            "/activities/{activityUuid}/contents/{localeCode}", activity_uuid=activity_uuid, locale_code=locale_code
        )
        return await self._core.fetch(ActivityContent, where)

    async def country(self, activity_uuid: Uuid[Activity]) -> Country:
        """The country of an activity's city: ``GET /activities/{activityUuid}/country``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return await self._core.fetch(Country, path("/activities/{activityUuid}/country", activity_uuid=activity_uuid))

    def destinations(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Destination]:
        """The cities that an activity is sold in, its own city marked: ``GET /activities/{activityUuid}/destinations``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/destinations", activity_uuid=activity_uuid),
            Destination,
        )

    def dynamic_bundles(
        self, activity_uuid: Uuid[Activity], configurations: OneOrMore[BundleConfiguration]
    ) -> WholeListCall[Bundle]:
        """Bundles with activities that you choose: ``POST /activities/{activityUuid}/dynamic-bundles``.

        Args:
            activity_uuid: The activity's UUID.
            configurations: The activities to recommend, each with its discount.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path("/activities/{activityUuid}/dynamic-bundles", activity_uuid=activity_uuid)
        body = require(configurations=parameters.each(configurations, _configuration))
        return WholeListCall(post_for_all, self._core, where, Bundle, body)

    async def extra_customer_data_schema(self, activity_uuid: Uuid[Activity]) -> FormSchema | None:
        """The form for extra data of the customer: ``GET /activities/{activityUuid}/extra-customer-data/schema``.

        This is a preview. For a cart, ``client.carts.customer_schema`` decides.

        Args:
            activity_uuid: The activity's UUID.

        Returns:
            The form; None if nothing is needed or the activity does not exist.

        Raises:
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path("/activities/{activityUuid}/extra-customer-data/schema", activity_uuid=activity_uuid)
        return await fetch_optional(self._core, where, FormSchema)

    def flavours(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Flavour]:
        """The flavours of an activity, its kinds of visit: ``GET /activities/{activityUuid}/flavours``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/flavours", activity_uuid=activity_uuid), Flavour
        )

    def languages(self, activity_uuid: Uuid[Activity]) -> WholeListCall[TranslatedMetadata]:
        """The languages of an activity: ``GET /activities/{activityUuid}/languages``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity, or it has no languages.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/languages", activity_uuid=activity_uuid),
            TranslatedMetadata,
        )

    def media(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Media]:
        """The pictures and videos of an activity: ``GET /activities/{activityUuid}/media``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity, or it has no pictures and videos.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/media", activity_uuid=activity_uuid), Media
        )

    def offered_languages(self, activity_uuid: Uuid[Activity]) -> WholeListCall[TranslatedMetadata]:
        """All languages that timeslots of an activity may offer: ``GET /activities/{activityUuid}/metadata/languages``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/metadata/languages", activity_uuid=activity_uuid),
            TranslatedMetadata,
        )

    async def participants_schema(self, activity_uuid: Uuid[Activity]) -> FormSchema | None:
        """The form for each participant: ``GET /activities/{activityUuid}/participants-info/schema``.

        This is a preview. For a booking, ``client.carts.participants_schema`` decides.

        Args:
            activity_uuid: The activity's UUID.

        Returns:
            The form for one participant; None if nothing is needed or the activity does not exist.

        Raises:
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path("/activities/{activityUuid}/participants-info/schema", activity_uuid=activity_uuid)
        return await fetch_optional(self._core, where, FormSchema)

    def pickups(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Pickup]:
        """The pickup points of an activity: ``GET /activities/{activityUuid}/pickups``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/pickups", activity_uuid=activity_uuid), Pickup
        )

    def refund_policies(self, activity_uuid: Uuid[Activity]) -> WholeListCall[RefundPolicy]:
        """The refunds after a cancellation: ``GET /activities/{activityUuid}/refund-policies``.

        For an order, ``client.orders.refund_policies`` decides.

        Args:
            activity_uuid: The activity's UUID.

        Returns:
            The policies; an empty tuple if the activity cannot be cancelled or does not exist.

        Raises:
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/refund-policies", activity_uuid=activity_uuid),
            RefundPolicy,
            missing_is_empty=True,
        )

    def regions(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Region]:
        """The pages of an activity for the parts of the world: ``GET /activities/{activityUuid}/regions``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/regions", activity_uuid=activity_uuid), Region
        )

    def taxonomies(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Taxonomy]:
        """Standard phrases: what is special, included and not included: ``GET /activities/{activityUuid}/taxonomies``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path("/activities/{activityUuid}/taxonomies", activity_uuid=activity_uuid)
        return WholeListCall(fetch_one_or_more, self._core, where, Taxonomy)


def _configuration(value: object) -> dict[str, object] | Invalid:
    if not isinstance(value, BundleConfiguration):
        return Invalid("must hold instances of BundleConfiguration")
    return drop_none(**attrs.asdict(value))
