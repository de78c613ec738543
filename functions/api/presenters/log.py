"""Receipts as their holders get them, and how they check them."""

from string import Template

from functions.api import access_log
from functions.api.parts import Parts
from moderation.records import Ref
from schemas.log import ReceiptView

_HELP = Template("""\
QUITTUNGEN DES PRÜFPROTOKOLLS / RECEIPTS OF THE AUDIT LOG
$origin

DEUTSCH

Eine Quittung ist die unterschriebene Zusage des Betreibers, dass der Vorgang, der darin genannt
ist, spätestens zu der genannten Zeit im Prüfprotokoll steht. So prüfen Sie, ob sie gehalten wurde:

1. Heben Sie den Text unter "note" unverändert auf, zum Beispiel als Datei quittung.txt.
2. Holen Sie nach Ablauf der Zeit den Beweis unter der Adresse "proof": beweis.tlog-proof.
3. Prüfen Sie ohne Netz, mit Python 3.11 oder neuer und der einzelnen Datei verify.py:
     python verify.py beweis.tlog-proof --receipt quittung.txt --key "SCHLÜSSEL"
   Ergebnis 0: gehalten. Ergebnis 1: nicht gehalten, mit Grund. Die Datei ist im quelloffenen
   Programm Hausrecht moderation/audit/verify.py; nehmen Sie sie so wenig wie den Schlüssel nur
   vom Betreiber.
4. Gibt es keinen Beweis, so haben Sie mit der Quittung die Unterschrift des Betreibers unter einer
   Zusage, die er gebrochen hat. Geben Sie sie bei einer Prüfung jedes Auszugs aus dem Protokoll
   an (--receipt): er zeigt, dass der Vorgang darin fehlt.

Den Schlüssel erfragen Sie auch bei einem Dritten. Hier steht er so:
  $key

ENGLISH

A receipt is the operator's signed promise that the act it names is in the audit log by the time it
names. This is how to check that it was kept:

1. Keep the text under "note" exactly as it is, say as a file receipt.txt.
2. Once the time has come, fetch the proof at the address "proof": proof.tlog-proof.
3. Check it without a network, with Python 3.11 or later and the single file verify.py:
     python verify.py proof.tlog-proof --receipt receipt.txt --key "KEY"
   Result 0: kept. Result 1: not kept, and why. The file is moderation/audit/verify.py in Hausrecht,
   which is open source; take it from the operator alone as little as you take the key.
4. If there is no proof, your receipt is the operator's signature on a promise that was broken.
   Give it when an extract of the log is verified (--receipt): that shows that the act is missing.

Ask a third party for the key, too. Here it reads:
  $key
""")


def receipt_view(parts: Parts, subject: Ref[object]) -> ReceiptView | None:
    """The promise about what began a subject; None where it cannot be signed just now.

    A missing one is noted in the log of requests: it follows when the caller asks again.
    """
    signed = parts.receipts.of(subject.subject)
    if signed is None:
        access_log.write({"log": "receipt", "missing": subject.subject})
        return None
    receipt, url = signed.receipt, parts.house.public_url
    return ReceiptView(
        entry_id=receipt.entry_id,
        leaf=receipt.leaf,
        by=receipt.by,
        note=signed.note,
        proof=f"{url}/v1/audit/entries/{receipt.entry_id}/proof",
        help=f"{url}/v1/audit/receipts-help",
    )


def help_text(origin: str, key: str) -> str:
    """How to check a receipt, in German and English."""
    return _HELP.substitute(origin=origin, key=key)
