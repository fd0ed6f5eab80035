"""Payment messages as transactions: MT103, Fedwire, ISO 20022 pain.001 and pacs.008, known by their content."""

from pipelines.inputs.payments.reading import Ranges, payment_layout, read_payments

__all__ = ["Ranges", "payment_layout", "read_payments"]
