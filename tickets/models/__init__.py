from .replies import Attachment, ContactAttempt, Reply, Review, Survey
from .requests import ServiceRequest, State

__all__ = ["Attachment", "ContactAttempt", "Reply", "Review", "ServiceRequest", "State", "Survey"]
