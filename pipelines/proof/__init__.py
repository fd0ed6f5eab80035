"""What a run proves of any customer: who was compared with which lists, what was found, what was not looked at."""

from pipelines.proof.proof import screening_proof
from pipelines.proof.summary import screening_summary

__all__ = ["screening_proof", "screening_summary"]
