"""A certificate as a page of its own, to print or to send: one file with everything in it."""

from __future__ import annotations

from importlib.resources import files

from desk.certificate.content import Certificate
from desk.web.templates import templates


def as_page(certificate: Certificate) -> str:
    """Return the certificate as HTML that needs no other file; every value in it is escaped."""
    style = files("desk.web").joinpath("static", "print.css").read_text("utf-8")
    page = templates().env.get_template("certificate_file.html")
    return page.render(certificate=certificate, style=style)
