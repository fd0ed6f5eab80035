"""The certificate of a screening: what a run proves of a customer, what the desk decided, how long to keep it."""

from desk.certificate.content import Certificate, certificate
from desk.certificate.page import as_page
from desk.certificate.text import full_text, short_text

__all__ = ["Certificate", "as_page", "certificate", "full_text", "short_text"]
