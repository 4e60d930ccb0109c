"""Comments, which reviews have replaced."""

from musement_async.models._base import DateTime, Model, OpenEnum
from musement_async.models.activities import Activity
from musement_async.models.customers import Customer


class CommentStatus(OpenEnum):
    """Whether a comment is shown."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    PENDING = "PENDING"


class Comment(Model, frozen=True, kw_only=True):
    """A customer's text about an activity.

    Attributes:
        status: Whether it is shown.
        uuid: The id for paths.
        author: The customer who wrote it, with little more than a name.
        locale: The language of the text, such as ``en-GB``.
        pictures: The URLs of pictures.
        title: A title; may be absent.
        body: The text; may be empty.
        rating: From 1 to 5.
        sent_at: When it was written.
        event: The activity.
    """

    status: CommentStatus | None = None
    uuid: str
    author: Customer | None = None
    locale: str | None = None
    pictures: tuple[str, ...] = ()
    title: str | None = None
    body: str | None = None
    rating: int | None = None
    sent_at: DateTime | None = None
    event: Activity | None = None
