"""READ-ME.txt of an export bundle: what it proves, what not, and how to check it."""

from string import Template

_TEXT = Template("""\
AUSZUG AUS DEM PRÜFPROTOKOLL / EXTRACT OF THE AUDIT LOG
$origin

DEUTSCH

Angefragt       von $start (einschließlich) bis $end (ausschließlich)
Einträge        Nr. $begin bis unter Nr. $finish, zusammen $count
Stand           Baum der Größe $size
Schlüssel       $key
                (Kennung $key_id)
Fassung         $profile_de

Was bewiesen ist, wenn die Prüfung gelingt:
- Die Einträge stehen genau so, an genau diesen Stellen, in dem Protokoll, dessen Stand der
  Betreiber unterschrieben hat. Keiner fehlt, keiner wurde verändert, umgestellt oder eingefügt.
- Die Handlungen an jedem einzelnen Gegenstand bilden eine lückenlose Kette bis zu dem Stand,
  den der Gegenstand beim Auszug hatte (heads.jsonl, später liegende Glieder in later.jsonl).
- Alle Dateien hier sind die, die der Betreiber herausgegeben hat (manifest.json und seal).

Was nicht bewiesen ist:
- Dass die Uhrzeiten stimmen: sie sind die des Betreibers, soweit nicht Zeugen gegengezeichnet
  oder Zeitstempelstellen gestempelt haben.
- Dass der angefragte Zeitraum nicht über die Einträge hier hinausgeht: verify.py sagt, von wann
  der erste und der letzte sind. Das Protokoll hat wenigstens einen in jeder Stunde.
- Dass ein Eintrag den Vorgang richtig beschreibt.
- Dass niemand mit vollen Verwaltungsrechten über beide Datenbanken einen Vorgang samt Eintrag
  beseitigt hat, bevor er nach spätestens 60 Sekunden in das Protokoll kam.
- Was zurückgehaltene Einträge sagen: von ihnen steht nur der Prüfwert da ({"leaf": …}). Dass es
  sie gibt, wo sie stehen und wie viele es sind, ist bewiesen.
- Einträge enthalten Decknamen und Prüfwerte, keine personenbezogenen Texte. documents.jsonl
  und payloads.jsonl, wo sie dabei sind, enthalten personenbezogene Daten; gebunden ist dort nur,
  was einen Schlüssel (salt) hat.
- entries.csv dient nur der Lektüre; maßgeblich ist entries.jsonl.

So wird geprüft (Python 3.11 oder neuer, ohne Netz, ohne weitere Programme):
  python verify.py AUSZUG.zip --key "SCHLÜSSEL"
verify.py ist moderation/audit/verify.py im quelloffenen Programm Hausrecht.
Den Schlüssel nicht diesem Auszug entnehmen, sondern unabhängig beim Betreiber, beim Gericht
oder einem Dritten erfragen. Ergebnis 0: hält. Ergebnis 1: hält nicht, mit Nummer und Grund.
Gibt es checkpoint.tsr, so hat eine Zeitstempelstelle den Stand gestempelt (RFC 3161):
  --tsa ZERTIFIKAT.pem   prüft ihn; ebenso: openssl ts -verify -data checkpoint
                         -in checkpoint.tsr -CAfile ZERTIFIKAT.pem

ENGLISH

Asked for       from $start (inclusive) to $end (exclusive)
Entries         no. $begin up to but not including no. $finish, $count in all
State           tree of size $size
Key             $key
                (key id $key_id)
Version         $profile_en

What is proved if verification succeeds:
- The entries stand exactly like this, in exactly these places, in the log whose state the
  operator signed. None is missing, none was altered, moved or inserted.
- The acts on each single subject form a chain without gaps up to the state the subject was in
  when the extract was made (heads.jsonl, later links in later.jsonl).
- All files here are those the operator gave out (manifest.json and seal).

What is not proved:
- That the times are right: they are the operator's, except where witnesses cosigned or
  time-stamp authorities stamped.
- That the period asked for does not reach beyond the entries here: verify.py says of when the
  first and the last are. The log has at least one in each hour.
- That an entry describes the act correctly.
- That nobody with full administrative rights over both databases removed an act together with
  its entry before it entered the log, 60 seconds later at most.
- What withheld entries say: only their hash stands there ({"leaf": …}). That they exist, where
  they stand and how many they are is proved.
- Entries hold pseudonyms and commitments, no personal text. documents.jsonl and payloads.jsonl,
  where they are there, hold personal data; only what has a key (salt) in them is bound.
- entries.csv is for reading only; what counts is entries.jsonl.

How to verify (Python 3.11 or later, no network, no further programs):
  python verify.py EXTRACT.zip --key "KEY"
verify.py is moderation/audit/verify.py in Hausrecht, which is open source.
Do not take the key from this extract; ask the operator, the court or a third party for it
independently. Exit code 0: it holds. Exit code 1: it doesn't, with the number and the reason.
If checkpoint.tsr is there, a time-stamp authority has stamped the state (RFC 3161):
  --tsa CERTIFICATE.pem  checks it; so does: openssl ts -verify -data checkpoint
                         -in checkpoint.tsr -CAfile CERTIFICATE.pem
""")


_PROFILES = {
    "full": ("vollständig, mit geschützten Angaben", "full, protected data included"),
    "authority": ("für Behörden und Gerichte", "for authorities and courts"),
    "outsider": ("für Außenstehende", "for outsiders"),
}


def readme(
    *,
    origin: str,
    start: str,
    end: str,
    begin: int,
    finish: int,
    size: int,
    key: str,
    key_id: str,
    profile: str,
) -> bytes:
    """Return the text in German and English, as UTF-8."""
    german, english = _PROFILES[profile]
    return _TEXT.substitute(
        origin=origin,
        start=start,
        end=end,
        begin=begin,
        finish=finish,
        count=finish - begin,
        size=size,
        key=key,
        key_id=key_id,
        profile_de=german,
        profile_en=english,
    ).encode()
