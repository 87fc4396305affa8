from goatedvips.kit.errors import Conflict, Forbidden, NotFound, NotReady, TooManyRequests
from goatedvips.realtime.topics import MY_TOPIC


class ForeignOrigin(Forbidden):
    """A page of another site opened the socket."""

    code = "foreign_origin"

    def __init__(self, origin: str) -> None:
        super().__init__(f"Pages of {origin[:200]!r} may not open this socket.")


class TopicDenied(Forbidden):
    """The topic is not for this viewer."""

    code = "topic_denied"

    def __init__(self, topic: str) -> None:
        sign_in = "Sign in to follow it." if topic == MY_TOPIC else "You may not follow it."
        super().__init__(f"{topic} is private. {sign_in}")


class TopicUnknown(NotFound):
    """The topic is well named, but there is no such thing."""

    code = "topic_unknown"

    def __init__(self, topic: str) -> None:
        super().__init__(f"There is no {topic}.")


class TooManyTopics(Conflict):
    """The client follows as many topics as one may."""

    code = "too_many_topics"

    def __init__(self, most: int) -> None:
        super().__init__(f"One connection follows at most {most} topics; unsubscribe from one first.")


class TooManyConnections(TooManyRequests):
    """One address holds as many connections as it may."""

    code = "too_many_connections"

    def __init__(self, most: int) -> None:
        super().__init__(f"One address holds at most {most} live connections.", retry_after=30)


class HubFull(NotReady):
    """The process takes no more connections."""

    code = "hub_full"

    def __init__(self) -> None:
        super().__init__("No more live connections are taken here for now; try again soon.")
