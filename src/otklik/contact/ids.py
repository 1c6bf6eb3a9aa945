"""Identifiers. All are strings; contacts, tenants and people are UUIDs, queues and reasons are short slugs."""

from __future__ import annotations

from typing import NewType

TenantId = NewType("TenantId", str)
ContactId = NewType("ContactId", str)
AgentId = NewType("AgentId", str)
CustomerId = NewType("CustomerId", str)
QueueId = NewType("QueueId", str)
ScenarioId = NewType("ScenarioId", str)
EntryPointId = NewType("EntryPointId", str)
NumberListId = NewType("NumberListId", str)
ChoiceListId = NewType("ChoiceListId", str)
FieldGroupId = NewType("FieldGroupId", str)
OfferNumber = NewType("OfferNumber", int)
"""Which offer of a contact this is, from 1; a fact that carries an older number is late and changes nothing."""
