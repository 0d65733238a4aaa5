from .replies import Attachment, ContactAttempt, Reply, Review, Survey
from .requests import InReview, ServiceRequest, State, late, late_now

__all__ = [
    "Attachment",
    "ContactAttempt",
    "InReview",
    "Reply",
    "Review",
    "ServiceRequest",
    "State",
    "Survey",
    "late",
    "late_now",
]
