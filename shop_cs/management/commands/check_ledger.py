import sys

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Sum

from shop_cs import guards, ledger
from shop_cs.models import Account, Transfer


class Command(BaseCommand):
    help = "Checks the ledger: balances against their transfers, the sum, refunds, the guards. Exit 1 on a finding."

    def handle(self, **options):
        total = Account.everything.aggregate(total=Sum("balance_fen"))["total"] or 0
        self.stdout.write(
            f"checked {Account.everything.count()} accounts, {Transfer.everything.count()} transfers; "
            f"the balances sum up to {total} fen"
        )
        findings = ledger.check() + [f"the guard {name} does not stand" for name in guards.missing(connection)]
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            sys.exit(1)
        self.stdout.write("the ledger holds")
