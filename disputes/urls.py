"""Addresses of cases, appeals, violations, reports, filings and money."""

from django.urls import path

from .views import appeals, cases, exports, filings, liability, money, orders, reports, violations, wanted

SHOP = "s/<number:shop_no>"
CASE = f"{SHOP}/cases/<number:no>"
APPEAL = f"{SHOP}/appeals/<number:no>"
REPORT = f"{SHOP}/reports/<number:no>"
FILING = f"{SHOP}/filings/<number:no>"

urlpatterns = [
    path(f"{SHOP}/cases/", cases.CaseList.as_view(), name="cases"),
    path(f"{SHOP}/cases/export/<slug:fmt>/", exports.ExportCases.as_view(), name="cases-export"),
    path(f"{CASE}/", cases.CasePage.as_view(), name="case"),
    path(f"{CASE}/state/", cases.StateCase.as_view(), name="case-state"),
    path(f"{CASE}/exhibit/", cases.ShowExhibit.as_view(), name="case-exhibit"),
    path(f"{CASE}/take-back/<int:pk>/", cases.TakeBack.as_view(), name="case-take-back"),
    path(f"{CASE}/offer/", cases.MakeOffer.as_view(), name="case-offer"),
    path(f"{CASE}/pay/", cases.PayCase.as_view(), name="case-pay"),
    path(f"{CASE}/appeal/", appeals.AppealRuling.as_view(), name="appeal-case"),
    path(f"{CASE}/appeal-compensation/", appeals.AppealCompensation.as_view(), name="appeal-compensation"),
    path(f"{SHOP}/violations/<number:no>/appeal/", appeals.AppealViolation.as_view(), name="appeal-violation"),
    path(f"{SHOP}/appeals/", appeals.AppealList.as_view(), name="appeals"),
    path(f"{SHOP}/appeals/export/<slug:fmt>/", exports.ExportAppeals.as_view(), name="appeals-export"),
    path(f"{APPEAL}/", appeals.AppealPage.as_view(), name="appeal"),
    path(f"{APPEAL}/exhibit/", appeals.ShowEvidence.as_view(), name="appeal-exhibit"),
    path(f"{APPEAL}/take-back/<int:pk>/", appeals.TakeBack.as_view(), name="appeal-take-back"),
    path(f"{SHOP}/liability/", liability.LiabilityPage.as_view(), name="liability"),
    path(f"{SHOP}/reports/", reports.ReportList.as_view(), name="reports"),
    path(f"{SHOP}/reports/new/", reports.NewReport.as_view(), name="report-new"),
    path(f"{SHOP}/reports/export/<slug:fmt>/", exports.ExportReports.as_view(), name="reports-export"),
    path(f"{REPORT}/", reports.ReportPage.as_view(), name="report"),
    path(f"{REPORT}/exhibit/", reports.ShowEvidence.as_view(), name="report-exhibit"),
    path(f"{REPORT}/take-back/<int:pk>/", reports.TakeBack.as_view(), name="report-take-back"),
    path(f"{REPORT}/withdraw/", reports.Withdraw.as_view(), name="report-withdraw"),
    path(f"{SHOP}/filings/", filings.FilingList.as_view(), name="filings"),
    path(f"{SHOP}/filings/new/", filings.NewFiling.as_view(), name="filing-new"),
    path(f"{SHOP}/filings/export/<slug:fmt>/", exports.ExportFilings.as_view(), name="filings-export"),
    path(f"{FILING}/", filings.FilingPage.as_view(), name="filing"),
    path(f"{FILING}/exhibit/", filings.ShowEvidence.as_view(), name="filing-exhibit"),
    path(f"{FILING}/take-back/<int:pk>/", filings.TakeBack.as_view(), name="filing-take-back"),
    path(f"{FILING}/withdraw/", filings.Withdraw.as_view(), name="filing-withdraw"),
    path(f"{SHOP}/violations/", violations.ViolationList.as_view(), name="violations"),
    path(f"{SHOP}/violations/export/<slug:fmt>/", exports.ExportViolations.as_view(), name="violations-export"),
    path(f"{SHOP}/violations/<number:no>/", violations.ViolationPage.as_view(), name="violation"),
    path(f"{SHOP}/evidence/", wanted.WantedPage.as_view(), name="evidence-wanted"),
    path(f"{SHOP}/money/", money.MoneyPage.as_view(), name="money"),
    path(f"{SHOP}/money/export/<slug:fmt>/", exports.ExportMoney.as_view(), name="money-export"),
    path(f"{SHOP}/orders/<number:no>/file/", orders.OrderFile.as_view(), name="order-file"),
]
