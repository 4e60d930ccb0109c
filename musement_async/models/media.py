"""Pictures and videos."""

from musement_async.models._base import Model


class Media(Model, frozen=True, kw_only=True):
    """A picture or a video of an activity.

    Attributes:
        id: The number of the picture or video.
        title: What it shows.
        url: The URL of the picture or video.
        type: The kind, such as ``image``; the API names no others.
        external_identifier: Its id at the site that hosts it, such as a video's.
        is_cover: Whether it is the one shown in lists.
    """

    id: int | None = None
    title: str | None = None
    url: str | None = None
    type: str | None = None
    external_identifier: str | None = None
    is_cover: bool | None = None
