"""Addresses of requests and orders, and of the way in for other systems."""

from django.urls import path

from .views import api, detail, lists, orders
from .views.exports import ExportRequests

SHOP = "s/<number:shop_no>"
REQUEST = f"{SHOP}/requests/<number:no>"

urlpatterns = [
    path(f"{SHOP}/requests/", lists.RequestList.as_view(), name="requests"),
    path(f"{SHOP}/requests/export/<slug:fmt>/", ExportRequests.as_view(), name="requests-export"),
    path(f"{REQUEST}/", detail.RequestPage.as_view(), name="request"),
    path(f"{REQUEST}/reply/", detail.ReplyToRequest.as_view(), name="request-reply"),
    path(f"{REQUEST}/contact/", detail.LogContact.as_view(), name="request-contact"),
    path(f"{REQUEST}/attach/", detail.Attach.as_view(), name="request-attach"),
    path(f"{REQUEST}/detach/<int:pk>/", detail.Detach.as_view(), name="request-detach"),
    path(f"{REQUEST}/link/", detail.LinkAfterSale.as_view(), name="request-link"),
    path(f"{REQUEST}/remind/", detail.Remind.as_view(), name="request-remind"),
    path(f"{SHOP}/orders/<number:no>/", orders.OrderPage.as_view(), name="order"),
    path("api/requests/", api.Requests.as_view(), name="api-requests"),
    path("api/requests/<number:no>/", api.Request.as_view(), name="api-request"),
]
