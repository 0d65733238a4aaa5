from .figures import DailyFigure, FigureDay
from .hands import AgentGroup, Assignment, Draft, GroupMember, Mention, Note, Presence, SavedView, Tag, Tagging
from .helping import Phrase, Playbook, PlaybookChoice, PlaybookStep
from .planning import Rehearsal, StaffingPlan
from .quality import Exam, ExamQuestion, ExamTry, ResponseDay, RobotAnswer
from .replies import Attachment, ContactAttempt, Reply, Review, Survey
from .requests import InReview, ServiceRequest, State, late, late_now
from .searching import SearchText

__all__ = [
    "AgentGroup",
    "Assignment",
    "Attachment",
    "ContactAttempt",
    "DailyFigure",
    "Draft",
    "Exam",
    "ExamQuestion",
    "ExamTry",
    "FigureDay",
    "GroupMember",
    "InReview",
    "Mention",
    "Note",
    "Phrase",
    "Playbook",
    "PlaybookChoice",
    "PlaybookStep",
    "Presence",
    "Rehearsal",
    "Reply",
    "ResponseDay",
    "Review",
    "RobotAnswer",
    "SavedView",
    "SearchText",
    "ServiceRequest",
    "StaffingPlan",
    "State",
    "Survey",
    "Tag",
    "Tagging",
    "late",
    "late_now",
]
