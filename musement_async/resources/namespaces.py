"""The areas of the API, each loaded on first use."""

from __future__ import annotations  # what they name of ``_types`` is imported when they are evaluated

from functools import cached_property

from musement_async import _types as t


class Namespaces:
    """One property for each area: ``client.cities`` and so on."""

    _core: t.Core

    @cached_property
    def account(self) -> t.Account:
        """The customer whom the client is logged in as: profile, preferences, orders and comments."""
        from musement_async.resources.account import Account

        return Account(self._core)

    @cached_property
    def activities(self) -> t.Activities:
        """Tours, tickets and experiences: searches, single activities, their media, pickups, policies and more."""
        from musement_async.resources.activities import Activities

        return Activities(self._core)

    @cached_property
    def affiliates(self) -> t.Affiliates:
        """Partners whose sites customers come from, and the widgets on these sites."""
        from musement_async.resources.affiliates import Affiliates

        return Affiliates(self._core)

    @cached_property
    def autocomplete(self) -> t.Autocomplete:
        """Suggestions while a text is being typed."""
        from musement_async.resources.autocomplete import Autocomplete

        return Autocomplete(self._core)

    @cached_property
    def carts(self) -> t.Carts:
        """Products that somebody is about to buy."""
        from musement_async.resources.carts import Carts

        return Carts(self._core)

    @cached_property
    def catalog(self) -> t.Catalog:
        """The activities that changed or were archived on a day."""
        from musement_async.resources.catalog import Catalog

        return Catalog(self._core)

    @cached_property
    def categories(self) -> t.Categories:
        """Categories, as a list and as a tree, and their activities."""
        from musement_async.resources.categories import Categories

        return Categories(self._core)

    @cached_property
    def cities(self) -> t.Cities:
        """Cities, and their activities, categories, venues and lists."""
        from musement_async.resources.cities import Cities

        return Cities(self._core)

    @cached_property
    def comments(self) -> t.Comments:
        """Comments on activities and venues, which reviews have replaced."""
        from musement_async.resources.comments import Comments

        return Comments(self._core)

    @cached_property
    def content(self) -> t.Content:
        """Data about the editing and the sale of activities, for content managers and suppliers."""
        from musement_async.resources.content import Content

        return Content(self._core)

    @cached_property
    def countries(self) -> t.Countries:
        """Countries, and their activities and cities."""
        from musement_async.resources.countries import Countries

        return Countries(self._core)

    @cached_property
    def dates(self) -> t.Dates:
        """The days, times and prices of activities."""
        from musement_async.resources.dates import Dates

        return Dates(self._core)

    @cached_property
    def external_links(self) -> t.ExternalLinks:
        """Articles about countries on other sites."""
        from musement_async.resources.external_links import ExternalLinks

        return ExternalLinks(self._core)

    @cached_property
    def feedback_requests(self) -> t.FeedbackRequests:
        """Requests to customers for feedback about an activity that they took part in."""
        from musement_async.resources.feedback_requests import FeedbackRequests

        return FeedbackRequests(self._core)

    @cached_property
    def generic_events(self) -> t.GenericEvents:
        """Events in cities that Musement does not sell tickets for."""
        from musement_async.resources.generic_events import GenericEvents

        return GenericEvents(self._core)

    @cached_property
    def giftbox_types(self) -> t.GiftboxTypes:
        """The gift boxes on sale, and the activities in them."""
        from musement_async.resources.giftbox_types import GiftboxTypes

        return GiftboxTypes(self._core)

    @cached_property
    def giftboxes(self) -> t.Giftboxes:
        """Gift boxes that somebody bought."""
        from musement_async.resources.giftboxes import Giftboxes

        return Giftboxes(self._core)

    @cached_property
    def gifts(self) -> t.Gifts:
        """Activities as gifts."""
        from musement_async.resources.gifts import Gifts

        return Gifts(self._core)

    @cached_property
    def lists(self) -> t.Lists:
        """Lists of recommendations by Musement's editors."""
        from musement_async.resources.lists import Lists

        return Lists(self._core)

    @cached_property
    def metadata(self) -> t.Metadata:
        """The codes of the API and their meanings: currencies, languages, features and more."""
        from musement_async.resources.metadata import Metadata

        return Metadata(self._core)

    @cached_property
    def orders(self) -> t.Orders:
        """Orders: bookings, vouchers, cancellations."""
        from musement_async.resources.orders import Orders

        return Orders(self._core)

    @cached_property
    def payments(self) -> t.Payments:
        """The payments of orders."""
        from musement_async.resources.payments import Payments

        return Payments(self._core)

    @cached_property
    def pickups(self) -> t.Pickups:
        """The pickup points of all activities."""
        from musement_async.resources.pickups import Pickups

        return Pickups(self._core)

    @cached_property
    def reviews(self) -> t.Reviews:
        """Reviews of activities, and their statistics."""
        from musement_async.resources.reviews import Reviews

        return Reviews(self._core)

    @cached_property
    def signup(self) -> t.Signup:
        """The registration of new customers."""
        from musement_async.resources.signup import Signup

        return Signup(self._core)

    @cached_property
    def taxonomies(self) -> t.Taxonomies:
        """The standard phrases about activities: what is special, included and not included."""
        from musement_async.resources.taxonomies import Taxonomies

        return Taxonomies(self._core)

    @cached_property
    def venues(self) -> t.Venues:
        """Places to visit, and their activities."""
        from musement_async.resources.venues import Venues

        return Venues(self._core)

    @cached_property
    def verticals(self) -> t.Verticals:
        """The broadest themes of activities."""
        from musement_async.resources.verticals import Verticals

        return Verticals(self._core)

    @cached_property
    def widgets(self) -> t.Widgets:
        """Parts of Musement's shop for affiliates' sites."""
        from musement_async.resources.widgets import Widgets

        return Widgets(self._core)

    @cached_property
    def wishes(self) -> t.Wishes:
        """Things that customers keep for later."""
        from musement_async.resources.wishes import Wishes

        return Wishes(self._core)
