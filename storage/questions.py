"""Questions the map could not answer, kept until it can."""

from datetime import datetime

from sqlmodel import Field

from storage.tables import Ours, points_at


class Question(Ours, table=True):
    """What was asked, about which unknown name, by whom and where."""

    __tablename__ = "questions"
    __table_args__ = (
        points_at("people", "asked_by_id"),
        points_at("channels", "channel_id"),
    )

    id: int = Field(default=None, primary_key=True)
    text: str
    about: str
    asked_by_id: int
    channel_id: int
    asked_at: datetime
    answered_at: datetime | None = None
