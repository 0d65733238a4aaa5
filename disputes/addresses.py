"""Where a record's page is: for who reads on the workbench, and in the platform's desk."""

from django.urls import reverse

from shop_cs.sites import platform

from .models import Appeal, Compensation, Violation


def in_desk(record):
    """Its page in the platform's desk; "" for a kind of record that has none there."""
    model = record._meta.concrete_model
    if not platform.is_registered(model):
        return ""
    return reverse(f"{platform.name}:{model._meta.label_lower.replace('.', '_')}_change", args=[record.pk])


def casefile_in_desk(order):
    """Its case file in the platform's desk."""
    return reverse(f"{platform.name}:order-file", args=[order.pk])


def report_in_desk(order):
    """The report of everything about it, in the platform's desk."""
    return reverse(f"{platform.name}:order-report", args=[order.shop.no, order.no])


def of_causes(references):
    """{number: its page in the desk} of the compensations, appeals and violations among what moved money."""
    found = {}
    for model in (Compensation, Appeal, Violation):
        for record in model.everything.filter(no__in=references):
            found[record.no] = in_desk(record)
    return found
