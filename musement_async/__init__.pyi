# The only list of these public names: type checkers read it, and `_exports.py` at run time.

from musement_async import models as models
from musement_async._version import __version__ as __version__
from musement_async.auth import (
    ClientCredentials as ClientCredentials,
    MusementAuth as MusementAuth,
    PasswordCredentials as PasswordCredentials,
    Token as Token,
    TokenStore as TokenStore,
)
from musement_async.cache import (
    Cache as Cache,
    MemoryCacheStore as MemoryCacheStore,
    SQLiteCacheStore as SQLiteCacheStore,
)
from musement_async.checkout import (
    Booking as Booking,
    Checkout as Checkout,
    CheckoutForms as CheckoutForms,
    Invoice as Invoice,
    Money as Money,
    PaymentPendingError as PaymentPendingError,
    PriceChangedError as PriceChangedError,
    SavedVoucher as SavedVoucher,
)
from musement_async.client import MusementClient as MusementClient
from musement_async.codec import from_json as from_json, to_builtins as to_builtins, to_json as to_json
from musement_async.defaults import PRODUCTION as PRODUCTION, SANDBOX as SANDBOX
from musement_async.errors import (
    APIError as APIError,
    ArgumentError as ArgumentError,
    AuthenticationError as AuthenticationError,
    BadRequestError as BadRequestError,
    CheckoutError as CheckoutError,
    ClientClosedError as ClientClosedError,
    ConflictError as ConflictError,
    DecodeError as DecodeError,
    FormError as FormError,
    IncompleteListError as IncompleteListError,
    LockedError as LockedError,
    LoggedOutError as LoggedOutError,
    MusementError as MusementError,
    NetworkError as NetworkError,
    NotCachedError as NotCachedError,
    NotFoundError as NotFoundError,
    OutcomeUnknownError as OutcomeUnknownError,
    PermissionDeniedError as PermissionDeniedError,
    PrivateHostError as PrivateHostError,
    RateLimitError as RateLimitError,
    RequestTimeoutError as RequestTimeoutError,
    ServerError as ServerError,
    TokenStoreError as TokenStoreError,
    TransportError as TransportError,
    UnprocessableError as UnprocessableError,
    WebhookError as WebhookError,
    WrongLoopError as WrongLoopError,
)
from musement_async.exchanges import Exchange as Exchange
from musement_async.forms import Form as Form, FormField as FormField
from musement_async.mapping import MapCall as MapCall, MapResults as MapResults, Outcome as Outcome
from musement_async.mirror import (
    Mirror as Mirror,
    MirrorPart as MirrorPart,
    MirrorProgress as MirrorProgress,
    MirrorReport as MirrorReport,
    MirrorStore as MirrorStore,
    SQLiteMirrorStore as SQLiteMirrorStore,
)
from musement_async.pagination import ListCall as ListCall, Page as Page
from musement_async.resources.polling import OrderPendingError as OrderPendingError
from musement_async.resources.readers import WholeListCall as WholeListCall
from musement_async.retries import Retries as Retries
from musement_async.stores.encrypted import EncryptedTokenStore as EncryptedTokenStore
from musement_async.stores.fallback import FallbackTokenStore as FallbackTokenStore
from musement_async.stores.files import FileTokenStore as FileTokenStore
from musement_async.stores.memory import MemoryTokenStore as MemoryTokenStore
from musement_async.transports import MusementTransport as MusementTransport
from musement_async.values import (
    BundleConfiguration as BundleConfiguration,
    Coordinates as Coordinates,
    NewCartItem as NewCartItem,
    PriceRange as PriceRange,
)
from musement_async.webhooks import (
    Deliveries as Deliveries,
    WebhookCredentials as WebhookCredentials,
    parse_order_item_update as parse_order_item_update,
)

__all__: list[str]  # noqa: PYI035 (its value would be a second list)
