# The only list of these public names: type checkers read it, and `_exports.py` at run time.

from musement_async import models as models
from musement_async._version import __version__ as __version__
from musement_async.auth import (
    PRODUCTION as PRODUCTION,
)
from musement_async.auth import (
    SANDBOX as SANDBOX,
)
from musement_async.auth import (
    ClientCredentials as ClientCredentials,
)
from musement_async.auth import (
    MusementAuth as MusementAuth,
)
from musement_async.auth import (
    PasswordCredentials as PasswordCredentials,
)
from musement_async.auth import (
    Token as Token,
)
from musement_async.auth import (
    TokenStore as TokenStore,
)
from musement_async.checkout import (
    Booking as Booking,
)
from musement_async.checkout import (
    Checkout as Checkout,
)
from musement_async.checkout import (
    CheckoutForms as CheckoutForms,
)
from musement_async.checkout import (
    Invoice as Invoice,
)
from musement_async.checkout import (
    Money as Money,
)
from musement_async.checkout import (
    PaymentPendingError as PaymentPendingError,
)
from musement_async.checkout import (
    PriceChangedError as PriceChangedError,
)
from musement_async.checkout import (
    SavedVoucher as SavedVoucher,
)
from musement_async.client import MusementClient as MusementClient
from musement_async.codec import from_json as from_json
from musement_async.codec import to_builtins as to_builtins
from musement_async.codec import to_json as to_json
from musement_async.errors import (
    APIError as APIError,
)
from musement_async.errors import (
    ArgumentError as ArgumentError,
)
from musement_async.errors import (
    AuthenticationError as AuthenticationError,
)
from musement_async.errors import (
    BadRequestError as BadRequestError,
)
from musement_async.errors import (
    CheckoutError as CheckoutError,
)
from musement_async.errors import (
    ClientClosedError as ClientClosedError,
)
from musement_async.errors import (
    ConflictError as ConflictError,
)
from musement_async.errors import (
    DecodeError as DecodeError,
)
from musement_async.errors import (
    FormError as FormError,
)
from musement_async.errors import (
    LockedError as LockedError,
)
from musement_async.errors import (
    LoggedOutError as LoggedOutError,
)
from musement_async.errors import (
    MusementError as MusementError,
)
from musement_async.errors import (
    NetworkError as NetworkError,
)
from musement_async.errors import (
    NotFoundError as NotFoundError,
)
from musement_async.errors import (
    OutcomeUnknownError as OutcomeUnknownError,
)
from musement_async.errors import (
    PermissionDeniedError as PermissionDeniedError,
)
from musement_async.errors import (
    RateLimitError as RateLimitError,
)
from musement_async.errors import (
    RequestTimeoutError as RequestTimeoutError,
)
from musement_async.errors import (
    ServerError as ServerError,
)
from musement_async.errors import (
    TokenStoreError as TokenStoreError,
)
from musement_async.errors import (
    TransportError as TransportError,
)
from musement_async.errors import (
    UnprocessableError as UnprocessableError,
)
from musement_async.errors import (
    WebhookError as WebhookError,
)
from musement_async.errors import (
    WrongLoopError as WrongLoopError,
)
from musement_async.exchanges import Exchange as Exchange
from musement_async.forms import Form as Form
from musement_async.forms import FormField as FormField
from musement_async.mapping import MapCall as MapCall
from musement_async.mapping import MapResults as MapResults
from musement_async.mapping import Outcome as Outcome
from musement_async.pagination import ListCall as ListCall
from musement_async.pagination import Page as Page
from musement_async.resources.waiting import OrderPendingError as OrderPendingError
from musement_async.retries import Retries as Retries
from musement_async.stores.encrypted import EncryptedTokenStore as EncryptedTokenStore
from musement_async.stores.fallback import FallbackTokenStore as FallbackTokenStore
from musement_async.stores.files import FileTokenStore as FileTokenStore
from musement_async.stores.memory import MemoryTokenStore as MemoryTokenStore
from musement_async.transports import MusementTransport as MusementTransport
from musement_async.values import (
    BundleConfiguration as BundleConfiguration,
)
from musement_async.values import (
    Coordinates as Coordinates,
)
from musement_async.values import (
    NewCartItem as NewCartItem,
)
from musement_async.values import (
    PriceRange as PriceRange,
)
from musement_async.webhooks import (
    Deliveries as Deliveries,
)
from musement_async.webhooks import (
    WebhookCredentials as WebhookCredentials,
)
from musement_async.webhooks import (
    parse_order_item_update as parse_order_item_update,
)

__all__: list[str]  # noqa: PYI035 (its value would be a second list)
