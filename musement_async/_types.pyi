# What annotations name without importing it: type checkers read this list, and `_exports.py` at run time.

from ssl import SSLContext as SSLContext
from uuid import UUID as UUID

from httpx import ASGITransport as ASGITransport, AsyncBaseTransport as AsyncBaseTransport

from musement_async.auth import (
    ClientCredentials as ClientCredentials,
    Credentials as Credentials,
    LoginMethod as LoginMethod,
    MusementAuth as MusementAuth,
    PasswordCredentials as PasswordCredentials,
    Token as Token,
    TokenStore as TokenStore,
)
from musement_async.cache import Cache as Cache
from musement_async.checkout import Checkout as Checkout
from musement_async.client import MusementClient as MusementClient
from musement_async.core import Core as Core, Parameters as Parameters
from musement_async.exchanges import Exchange as Exchange, Hook as Hook
from musement_async.mapping import MapCall as MapCall
from musement_async.mirror import Mirror as Mirror, MirrorStore as MirrorStore
from musement_async.models.cities import City as City
from musement_async.options import CacheMode as CacheMode, ClientOptions as ClientOptions
from musement_async.resources.account import Account as Account
from musement_async.resources.activities import Activities as Activities
from musement_async.resources.affiliates import Affiliates as Affiliates
from musement_async.resources.autocomplete import Autocomplete as Autocomplete
from musement_async.resources.carts import Carts as Carts
from musement_async.resources.catalog import Catalog as Catalog
from musement_async.resources.categories import Categories as Categories
from musement_async.resources.cities import Cities as Cities
from musement_async.resources.comments import Comments as Comments
from musement_async.resources.content import Content as Content
from musement_async.resources.countries import Countries as Countries
from musement_async.resources.dates import Dates as Dates
from musement_async.resources.external_links import ExternalLinks as ExternalLinks
from musement_async.resources.feedback_requests import FeedbackRequests as FeedbackRequests
from musement_async.resources.generic_events import GenericEvents as GenericEvents
from musement_async.resources.giftbox_types import GiftboxTypes as GiftboxTypes
from musement_async.resources.giftboxes import Giftboxes as Giftboxes
from musement_async.resources.gifts import Gifts as Gifts
from musement_async.resources.lists import Lists as Lists
from musement_async.resources.metadata import Metadata as Metadata
from musement_async.resources.orders import Orders as Orders
from musement_async.resources.parameters import Id as Id, OneOrMore as OneOrMore
from musement_async.resources.payments import Payments as Payments
from musement_async.resources.pickups import Pickups as Pickups
from musement_async.resources.reviews import Reviews as Reviews
from musement_async.resources.signup import Signup as Signup
from musement_async.resources.taxonomies import Taxonomies as Taxonomies
from musement_async.resources.venues import Venues as Venues
from musement_async.resources.verticals import Verticals as Verticals
from musement_async.resources.widgets import Widgets as Widgets
from musement_async.resources.wishes import Wishes as Wishes
from musement_async.retries import Retries as Retries
from musement_async.transports.setup import Network as Network
