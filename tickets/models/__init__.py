from .replies import Attachment, ContactAttempt, Reply, Review, Survey
from .requests import InReview, ServiceRequest, State

__all__ = ["Attachment", "ContactAttempt", "InReview", "Reply", "Review", "ServiceRequest", "State", "Survey"]
