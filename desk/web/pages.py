"""The pages; each answers at its address, and as data at the same address with `.json`."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/desk")
