"""The known differences between the description and the API."""

import re

from tests.contract.description import Difference, Json, Schema


def _schema(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _object(**properties: str | Schema) -> Schema:
    parts = {name: {"type": kind} if isinstance(kind, str) else kind for name, kind in properties.items()}
    return {"type": "object", "properties": parts}


def _words(*words: str) -> Schema:
    return {"type": "string", "enum": [*words]}


def _content(schema: Schema) -> Json:
    return {"application/json": {"schema": schema}}


def _answer(template: str, schema: Schema, reason: str, method: str = "get") -> Difference:
    return Difference(("paths", template, method, "responses", "200", "content"), _content(schema), reason)


def _body(template: str, schema: Schema, reason: str, method: str) -> Difference:
    return Difference(("paths", template, method, "requestBody", "content"), _content(schema), reason)


def _parameter(
    template: str, name: str, schema: Schema, reason: str, *, method: str = "get", explode: bool = False
) -> Difference:
    parameter = _query(name, schema, explode=explode)
    return Difference(("paths", template, method, "parameters", name), parameter, reason)


def _component(name: str, schema: Schema, reason: str) -> Difference:
    return Difference(("components", "schemas", name), schema, reason)


def _property(schema: str, name: str, becomes: Schema | None, reason: str) -> Difference:
    return Difference(("components", "schemas", schema, "properties", name), becomes, reason)


def _operation(
    template: str,
    method: str,
    answer: Schema | None,
    *,
    status: str = "200",
    body: Schema | None = None,
    query: tuple[Json, ...] = (),
) -> Difference:
    names = re.findall(r"{(\w+)}", template)
    path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    answered = {"description": "", **({"content": _content(answer)} if answer else {})}
    operation: Json = {"parameters": [*path, *query], "responses": {status: answered}}
    if body:
        operation["requestBody"] = {"required": True, "content": _content(body)}
    return Difference(("paths", template, method), operation, _NEW)


def _query(name: str, schema: Schema, *, explode: bool = False) -> Json:
    return {"name": name, "in": "query", "schema": schema, "explode": explode}


_NEW = "newer documentation has it"
_ONE = "an id leads to one thing, whatever the description has"
_LIST = "a list, by its name and by newer documentation"
_FORM = "a JSON Schema by newer documentation: its fields are a map"
_UNNAMED = "the description has its parts under another name, or the answer without its name"

_GUIDE = "the guide has them for all lists"
_ASKED = "a day, with or without a time: what the form asks for"
_CLIENTS = "other clients of the API have it"

_REVIEWS = "/activities/{activityUuid}/reviews"
_CART = "/carts/{cartUuid}"
_CART_ITEM = "/carts/{cartUuid}/items/{cartItemUuid}"
_ORDER_ITEM = "/orders/{orderUuid}/items/{orderItemUuid}"
_TICKETS = "/orders/{orderUuid}/activities/{activityUuid}/tickets"
_DATES = "/activities/{activityUuid}/dates"
_SLOT = _DATES + "/{day}/timeslots/{time}"
_FIELD = _object(
    type="string",
    title="string",
    format="string",
    enum=_many({"type": "string"}),
    enum_titles=_many({"type": "string"}),
    propertyOrder="integer",
)
_FIELDS = {"type": "object", "additionalProperties": _FIELD}
_NAMES = {**_many({"type": "string"}), "uniqueItems": True}
_COMPANY = _words("ALONE", "AS-A-COUPLE", "WITH-FAMILY", "WITH-FRIENDS")
_BOUGHT = ("MusementProduct", "GiftPurchase", "GiftboxPurchase")
_PRODUCTS = [_schema(kind) for kind in ("MusementProduct", "GiftProduct", "Giftbox")]
_LIST_ITEM = {"anyOf": [_schema(f"MusementList{kind}Item") for kind in ("Musement", "Generic", "Thirdparty")]}
_ITEM = {"id": "integer", "public_type": "string", "title": "string", "description": "string"}

DIFFERENCES: tuple[Difference, ...] = (
    # Operations and parameters
    _operation(
        _REVIEWS,
        "get",
        _many(
            _object(
                uuid="string",
                rating_value="number",
                comment="string",
                date={"type": "string", "format": "date"},
                customer_country="string",
            )
        ),
        query=(
            _query("locale", {"type": "string"}),
            _query("limit", {"type": "integer", "minimum": 1, "maximum": 500}),
            _query("page", {"type": "integer", "minimum": 1}),
            _query("rating[between][]", _many({"type": "string"}), explode=True),
            _query("sort_by", _words("HIGHEST-RATED", "LOWEST-RATED", "NEWEST", "PREFERRED-LANGUAGE")),
            _query("traveler_type_in[]", _many(_COMPANY), explode=True),
        ),
    ),
    _operation(
        _REVIEWS,
        "post",
        None,
        status="201",
        body={
            "required": ["order_item_uuid", "provider", "provider_id", "rating_value", "rating_scale", "date"],
            **_object(
                **dict.fromkeys(("order_item_uuid", "provider", "provider_id", "rating_scale"), "string"),
                **dict.fromkeys(("comment", "locale", "public_username"), "string"),
                rating_value="integer",
                age="integer",
                is_public="boolean",
                date={"type": "string", "format": "date-time"},
                traveler_type=_COMPANY,
                rating_categories=_many(
                    {
                        "required": ["category_code"],
                        **_object(category_code="string", category_rating="number", rating_scale="string"),
                    }
                ),
            ),
        },
    ),
    _operation(f"{_REVIEWS}/statistics", "get", {"type": "object"}),
    _operation(
        "/activities/{activityUuid}/country",
        "get",
        _object(
            id="integer",
            name="string",
            iso_code="string",
            iso3char="string",
            country_prefix="string",
            currency_code="string",
        ),
    ),
    _operation(_CART, "delete", None),  # the answer "true" adds nothing to the status
    _operation(
        f"{_CART}/order-info",
        "get",
        _object(
            order_uuid="string",
            payment=_object(
                paid="boolean",
                status=_words(
                    *("authorization_failed", "authorized", "booking_hanged", "booking_failed", "booking_ok"),
                    *("booking_partially_failed", "booking_quarantined", "booking_started", "cancelled", "capture"),
                    *("capture_failed", "closed", "created", "failed", "paid", "partially_refunded"),
                    *("payment_failed", "refunded"),
                ),
            ),
        ),
    ),
    _operation("/orders/{orderUuid}/refunds", "get", _many({"type": "object"})),
    _parameter(_DATES, "discounts[]", _many({"type": "number"}), _NEW, explode=True),
    _parameter(_DATES, "tickets_number", {"type": "integer"}, _NEW),
    _parameter("/cities", "coordinates", {"type": "string"}, _NEW),
    _parameter("/cities", "distance", {"type": "integer"}, _NEW),
    _parameter("/lists", "temporary", _words("YES", "NO"), _NEW),
    _parameter(
        "/cities/{cityId}/activities",
        "sort_by",
        _words(
            *("relevance", "city-relevance", "relevance-city", "external-relevance", "relevance-external"),
            *("price", "rating"),
        ),
        "its default is none of its values",
    ),
    _parameter(
        "/venues/{venueId}/comments",
        "sort_by",
        _many(_words("DATE", "-DATE", "RATING", "-RATING")),
        "its default is a text that looks like a list",
    ),
    _parameter("/external-links", "country_iso_2char_in", _many({"type": "string"}), "ISO codes are not integers"),
    _parameter("/customers/me/orders", "limit", {"type": "integer", "maximum": 100}, _GUIDE),
    _parameter("/customers/me/orders", "offset", {"type": "integer"}, _GUIDE),
    _parameter("/carts", "cid", {"type": "string"}, _CLIENTS, method="post"),
    _parameter("/orders", "cid", {"type": "string"}, _CLIENTS, method="post"),
    # Bodies
    _body(f"{_CART}/items", _many(_schema("PostCartItem")), _NEW, "post"),
    _component(
        "PostCartItem",
        {
            "required": ["type", "product_identifier", "quantity"],
            **_object(
                type=_words("musement", "musement-realtime", "musement-gift", "musement-giftbox"),
                product_identifier="string",
                quantity={"type": "integer", "minimum": 1},
                language="string",
                pickup="string",
            ),
        },
        _NEW,
    ),
    _body(_ORDER_ITEM, _schema("PatchOrderItem"), _UNNAMED, "patch"),
    _body(f"{_CART_ITEM}/participants", _many({"type": "object"}), _NEW, "put"),
    _property("PostOrder", "channel", None, "affiliate_channel by newer documentation"),
    _property("PostOrder", "affiliate_channel", {"type": "string"}, _NEW),
    _body(
        _ORDER_ITEM,
        _object(
            cancellation_reason=_words(
                *("API-ISSUE", "TECHNICAL-ISSUE", "MISSING-PASSENGER-INFO", "VENUE-CLOSED"),
                *("REJECTED-SCHEDULE-CHANGE", "REJECTED-ORDER", "MISSING-MEETING-POINT-DETAILS"),
                *("GRACE-PERIOD", "CANCELLED-BY-CUSTOMER"),
            ),
            cancellation_additional_info="string",
            cancellation_integration_data="object",
        ),
        _NEW,
        "delete",
    ),
    # Shapes of answers
    _answer("/customers/me/comments", _many(_schema("Comment")), "a list, by its name"),
    _answer("/activities/{activityUuid}/comments", _schema("Comment"), "what was written is one comment", "post"),
    _answer(f"{_CART_ITEM}/product-general-details", _schema("MusementProductGeneralDetails"), _ONE),
    _answer(f"{_ORDER_ITEM}/refund-policies", _many(_schema("OrderItemRefundPolicy")), _UNNAMED),
    _answer(_TICKETS, _many(_schema("OrderActivityAvailableTicket")), _UNNAMED),
    _answer("/activities/{activityUuid}/taxonomies", _many(_schema("ActivityTaxonomy")), _LIST),
    _answer("/activity-taxonomies/{activityTaxonomyType}", _many(_schema("ActivityTaxonomy")), _LIST),
    _answer("/venues/{venueId}/flavours", _many(_schema("Flavour")), _LIST),
    _answer("/pickups/{activityPickupUuid}", _schema("ActivityPickup"), _ONE),
    _answer(_SLOT, _schema("Timeslot"), _ONE),
    _answer(_SLOT + "/products/{pricetagCode}", _schema("MusementProduct"), _ONE),
    _answer(
        "/activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}",
        _many(_schema("TicketCode")),
        _UNNAMED,
    ),
    _answer("/comments/{commentUuid}", _schema("Comment"), _UNNAMED),
    _answer("/feedback-requests/{feedbackRequestNonce}", _schema("FeedbackRequest"), _UNNAMED),
    _answer("/activities/{activityUuid}/participants-info/schema", _schema("extraCustomerDataSchema"), _FORM),
    _component(
        "extraCustomerDataSchema", _object(title="string", type="string", properties=_FIELDS, required=_NAMES), _FORM
    ),
    # Shapes of parts of answers
    _property("Cart", "items", _many({"anyOf": [_schema(f"CartItem{kind}") for kind in _BOUGHT]}), _UNNAMED),
    _property("OrderItem", "product", {"anyOf": _PRODUCTS}, _UNNAMED),
    _property("OrderItem", "vouchers", _many(_schema("Voucher")), _NEW),
    _property(
        "OrderItem",
        "status",
        _words("PENDING", "OK", "KO", "REFUND_STARTED", "REFUNDED", "CANCELLATION_ERROR"),
        _NEW,
    ),
    _property("Participant", "date_of_birth", {"type": "string"}, _ASKED),
    _property("PassengerInfo", "date_of_birth", {"type": "string"}, _ASKED),
    _component(
        "OrderItemRefundPolicy",
        {
            "allOf": [
                _schema("ActivityRefundPolicy"),
                _object(applicable_until={"type": "string", "format": "date-time"}, remaining_time="string"),
            ]
        },
        _NEW,
    ),
    _property("OrderActivityAvailableTicket", "date", {"type": "string", "format": "date-time"}, "by its own words"),
    _property("OrderItem", "cart_item_uuid", {"type": "string"}, _NEW),
    _property("OrderItem", "is_error_status", {"type": "boolean"}, _CLIENTS),
    _property("Order", "is_paid", {"type": "boolean"}, _NEW),
    _property("Order", "is_agency", {"type": "boolean"}, _NEW),
    _property("Category", "level", {"anyOf": [{"type": "integer"}, {"type": "string"}]}, "arrives as a string"),
    _property("Tag", "id", {"type": "string"}, _NEW),
    _component(
        "MusementList",
        _object(
            **dict.fromkeys(("id", "views", "scroll", "saves"), "integer"),
            **dict.fromkeys(("title", "subtitle", "description", "seo_title", "seo_description"), "string"),
            **dict.fromkeys(("url", "cover_image_url"), "string"),
            temporary="boolean",
            authors=_many(_schema("Customer")),
            list_type=_schema("ListType"),
            items=_many(_LIST_ITEM),
            items_count=_object(musement="integer", thirdparty="integer", generic="integer"),
            city=_schema("City"),
            category=_schema("Category"),
            verticals=_many(_schema("Vertical")),
        ),
        _UNNAMED,
    ),
    _component("MusementListGenericItem", _object(**_ITEM, generic_event=_schema("GenericEvent")), _UNNAMED),
    _component("MusementListThirdpartyItem", _object(**_ITEM, destination=_schema("Destination")), _UNNAMED),
)
