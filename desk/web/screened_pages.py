"""The certificate of any customer of the run, and what the run screened and what not, by segment."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from desk.api.desk import get_desk
from desk.api.identity import Reader
from desk.api.problems import Problem
from desk.api.schemas import Id, Words
from desk.certificate import Certificate, certificate
from desk.web.page import page, render
from pipelines.errors import CustomerNotFound

router = APIRouter(prefix="/desk")
RULES_SHOWN = 40
"""Rules that could not be evaluated which the page lists, the widest gaps first; all are in the data of the page."""


@page(router, "/screened", "screened.html")
def screened(request: Request, person: Reader) -> dict[str, Any]:
    """What the run of this desk looked at and what it did not, by segment of the customers."""
    return {"summary": get_desk(request).data.screening_summary(), "shown": RULES_SHOWN}


@router.get("/find-customer")
def find(request: Request, person: Reader, customer: Words = "") -> Response:
    """Lead to the certificate of a customer."""
    return RedirectResponse(
        str(request.url_for("certificate_page", customer_id=customer.strip() or "-").path), 303
    )


@router.get("/customers/{customer_id:path}.json")
def certificate_data(request: Request, person: Reader, customer_id: Id) -> dict[str, Any]:
    """The certificate of a customer, as data."""
    return _made(request, customer_id).to_dict()


@router.get("/customers/{customer_id:path}")
def certificate_page(request: Request, person: Reader, customer_id: Id) -> Response:
    """The certificate of a customer, to read and to print."""
    view = {"certificate": _made(request, customer_id), "printed_at": get_desk(request).settings.clock()}
    return render(request, person, "certificate.html", view)


def _made(request: Request, customer_id: str) -> Certificate:
    """Return the certificate. Raises Problem 404 for a customer who was not screened."""
    desk = get_desk(request)
    try:
        with desk.ledger.read() as session:
            return certificate(desk.data.run, customer_id, session)
    except CustomerNotFound as error:
        raise Problem(404, str(error)) from error
