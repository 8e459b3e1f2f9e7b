# ruff: noqa: A002, E501
"""The types of all entities and actions. Written by tools/make_stubs.py: do not edit."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from .bulk.rows import Rows
from .calls.files import FileBytes, FileText
from .catalog.expressions import Filter
from .runtime.progress import ProgressCallback

Time = str | int | float | dt.datetime | dt.date
Object = Mapping[str, Any]

class AsyncContacts:
    """People who write to the workspace: users (known to your product) and leads."""

    async def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        include_merge_history: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """List contacts."""

    async def search(
        self,
        query: Object | Filter | None = None,
        *,
        include_merge_history: bool | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        complete: bool = False,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search contacts."""

    async def get(
        self,
        id: str | int,
        *,
        include_merge_history: bool | None = None,
        complete: bool = False,
        follow_merged: bool = False,
    ) -> pd.DataFrame:
        """Get one contact by its Intercom id."""

    async def create(
        self,
        *,
        role: Literal["user", "lead"] | None = None,
        external_id: str | int | None = None,
        email: str | None = None,
        phone: str | None = None,
        name: str | None = None,
        avatar: str | None = None,
        signed_up_at: Time | None = None,
        last_seen_at: Time | None = None,
        owner_id: str | int | None = None,
        unsubscribed_from_emails: bool | None = None,
        custom_attributes: Object | None = None,
        email_verified: bool | None = None,
        language_override: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a user or a lead; one of email, external_id and role is required."""

    async def update(
        self,
        id: str | int,
        *,
        include_merge_history: bool | None = None,
        role: Literal["user", "lead"] | None = None,
        external_id: str | int | None = None,
        email: str | None = None,
        phone: str | None = None,
        name: str | None = None,
        avatar: str | None = None,
        signed_up_at: Time | None = None,
        last_seen_at: Time | None = None,
        owner_id: str | int | None = None,
        unsubscribed_from_emails: bool | None = None,
        custom_attributes: Object | None = None,
        email_verified: bool | None = None,
        language_override: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a contact."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a contact permanently."""

    async def archive(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a contact."""

    async def attach_company(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a contact to a company."""

    async def attach_subscription(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        consent_type: Literal["opt_in", "opt_out"],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Opt a contact in or out of a subscription."""

    async def attach_tag(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a contact."""

    async def block(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Block a contact and archive their conversations."""

    async def detach_company(
        self,
        contact_id: str | int,
        company_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact from a company."""

    async def detach_subscription(
        self,
        contact_id: str | int,
        subscription_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact's subscription choice."""

    async def detach_tag(
        self,
        contact_id: str | int,
        tag_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a contact."""

    async def dismiss_banner(
        self,
        id: str | int,
        view_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Dismiss a banner for a contact."""

    async def get_by_external_id(
        self,
        external_id: str | int,
        *,
        include_merge_history: bool | None = None,
        complete: bool = False,
        follow_merged: bool = False,
    ) -> pd.DataFrame:
        """Get one user by external id."""

    async def list_banners(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """List the banners that a contact currently sees."""

    async def list_companies(
        self,
        contact_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the companies of a contact."""

    async def list_merge_history(
        self,
        id: str | int,
        *,
        cursor: str | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the contacts that were merged into this one."""

    async def list_segments(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the segments of a contact."""

    async def list_subscriptions(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the subscriptions that a contact opted in to or out of."""

    async def list_tags(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the tags on a contact."""

    async def merge(
        self,
        *,
        from_: str | int,
        into: str | int,
        include_merge_history: bool | None = None,
        skip_duplicate_validation: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Merge a lead into a user; the lead is deleted."""

    async def unarchive(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Unarchive a contact."""

    async def list_activities(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List activities of all contacts."""

    async def preview_merge(
        self,
        *,
        from_: str | int,
        into: str | int,
        skip_duplicate_validation: bool | None = None,
    ) -> pd.DataFrame:
        """Preview what a merge of two contacts would do."""

    async def create_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create up to 100 contacts in a background job."""

    async def update_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update up to 100 contacts in a background job."""

    async def delete_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete up to 100 contacts in a background job."""

    async def get_bulk_job(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the state of a bulk job of contacts."""

    async def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    async def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run contacts.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run contacts.detach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def sync(
        self,
        rows: Rows,
        *,
        key: str | None = None,
        dry_run: bool = True,
        progress: ProgressCallback | bool | None = None,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Create and update records so that they have the values of rows; send only what differs."""

class SyncContacts:
    """People who write to the workspace: users (known to your product) and leads."""

    def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        include_merge_history: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """List contacts."""

    def search(
        self,
        query: Object | Filter | None = None,
        *,
        include_merge_history: bool | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        complete: bool = False,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search contacts."""

    def get(
        self,
        id: str | int,
        *,
        include_merge_history: bool | None = None,
        complete: bool = False,
        follow_merged: bool = False,
    ) -> pd.DataFrame:
        """Get one contact by its Intercom id."""

    def create(
        self,
        *,
        role: Literal["user", "lead"] | None = None,
        external_id: str | int | None = None,
        email: str | None = None,
        phone: str | None = None,
        name: str | None = None,
        avatar: str | None = None,
        signed_up_at: Time | None = None,
        last_seen_at: Time | None = None,
        owner_id: str | int | None = None,
        unsubscribed_from_emails: bool | None = None,
        custom_attributes: Object | None = None,
        email_verified: bool | None = None,
        language_override: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a user or a lead; one of email, external_id and role is required."""

    def update(
        self,
        id: str | int,
        *,
        include_merge_history: bool | None = None,
        role: Literal["user", "lead"] | None = None,
        external_id: str | int | None = None,
        email: str | None = None,
        phone: str | None = None,
        name: str | None = None,
        avatar: str | None = None,
        signed_up_at: Time | None = None,
        last_seen_at: Time | None = None,
        owner_id: str | int | None = None,
        unsubscribed_from_emails: bool | None = None,
        custom_attributes: Object | None = None,
        email_verified: bool | None = None,
        language_override: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a contact."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a contact permanently."""

    def archive(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a contact."""

    def attach_company(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a contact to a company."""

    def attach_subscription(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        consent_type: Literal["opt_in", "opt_out"],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Opt a contact in or out of a subscription."""

    def attach_tag(
        self,
        contact_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a contact."""

    def block(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Block a contact and archive their conversations."""

    def detach_company(
        self,
        contact_id: str | int,
        company_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact from a company."""

    def detach_subscription(
        self,
        contact_id: str | int,
        subscription_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact's subscription choice."""

    def detach_tag(
        self,
        contact_id: str | int,
        tag_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a contact."""

    def dismiss_banner(
        self,
        id: str | int,
        view_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Dismiss a banner for a contact."""

    def get_by_external_id(
        self,
        external_id: str | int,
        *,
        include_merge_history: bool | None = None,
        complete: bool = False,
        follow_merged: bool = False,
    ) -> pd.DataFrame:
        """Get one user by external id."""

    def list_banners(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """List the banners that a contact currently sees."""

    def list_companies(
        self,
        contact_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the companies of a contact."""

    def list_merge_history(
        self,
        id: str | int,
        *,
        cursor: str | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the contacts that were merged into this one."""

    def list_segments(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the segments of a contact."""

    def list_subscriptions(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the subscriptions that a contact opted in to or out of."""

    def list_tags(
        self,
        contact_id: str | int,
    ) -> pd.DataFrame:
        """List the tags on a contact."""

    def merge(
        self,
        *,
        from_: str | int,
        into: str | int,
        include_merge_history: bool | None = None,
        skip_duplicate_validation: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Merge a lead into a user; the lead is deleted."""

    def unarchive(
        self,
        contact_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Unarchive a contact."""

    def list_activities(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List activities of all contacts."""

    def preview_merge(
        self,
        *,
        from_: str | int,
        into: str | int,
        skip_duplicate_validation: bool | None = None,
    ) -> pd.DataFrame:
        """Preview what a merge of two contacts would do."""

    def create_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create up to 100 contacts in a background job."""

    def update_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update up to 100 contacts in a background job."""

    def delete_bulk(
        self,
        *,
        contacts: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete up to 100 contacts in a background job."""

    def get_bulk_job(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the state of a bulk job of contacts."""

    def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run contacts.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run contacts.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run contacts.detach_tag for each row, in parallel; every row is checked before the first is sent."""

    def sync(
        self,
        rows: Rows,
        *,
        key: str | None = None,
        dry_run: bool = True,
        progress: ProgressCallback | bool | None = None,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Create and update records so that they have the values of rows; send only what differs."""

class AsyncConversations:
    """Threads between contacts and teammates, with their state, assignment, ratings and statistics."""

    async def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List conversations (messages not included)."""

    async def search(
        self,
        query: Object | Filter | None = None,
        *,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search conversations (messages not included)."""

    async def get(
        self,
        id: str | int,
        *,
        display_as: Literal["html", "plaintext"] | None = None,
        include_translations: bool | None = None,
        include_email_history: bool | None = None,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
    ) -> pd.DataFrame:
        """Get one conversation with up to 500 of its newest parts."""

    async def create(
        self,
        *,
        from_: Object,
        body: str,
        subject: str | None = None,
        attachment_urls: Sequence[str] | None = None,
        created_at: Time | None = None,
        brand_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start a conversation on behalf of a contact; returns its first message."""

    async def update(
        self,
        id: str | int,
        *,
        display_as: Literal["html", "plaintext"] | None = None,
        read: bool | None = None,
        title: str | None = None,
        custom_attributes: Object | None = None,
        company_id: str | int | None = None,
        priority: Literal["none", "low", "medium", "high", "urgent"] | None = None,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the title, the read flag or custom attributes of a conversation."""

    async def update_part(
        self,
        conversation_id: str | int,
        id: str | int,
        *,
        secret: str,
        send_state: str | None = None,
        info_message: str | None = None,
        seen: bool | None = None,
        admin_id: str | int | None = None,
        experimental: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Set the send state of an external reply, or mark a part as seen. Experimental."""

    async def delete(
        self,
        id: str | int,
        *,
        retain_metrics: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a conversation permanently; reports keep its numbers."""

    async def attach_contact(
        self,
        conversation_id: str | int,
        *,
        admin_id: str | int | None = None,
        customer: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a contact to a conversation."""

    async def attach_tag(
        self,
        conversation_id: str | int,
        id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a conversation."""

    async def convert_to_ticket(
        self,
        conversation_id: str | int,
        *,
        ticket_type_id: str | int,
        attributes: Object | None = None,
        ticket_state_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Convert a conversation to a ticket."""

    async def detach_contact(
        self,
        conversation_id: str | int,
        contact_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact from a conversation."""

    async def detach_tag(
        self,
        conversation_id: str | int,
        tag_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a conversation."""

    async def list_deleted(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the ids of deleted conversations."""

    async def list_handling_events(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """List when teammates started and stopped handling a conversation."""

    async def list_side_conversations(
        self,
        id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the side conversations of a conversation."""

    async def manage(
        self,
        conversation_id: str | int,
        *,
        message_type: Literal["close", "snoozed", "open", "assignment"],
        admin_id: str | int,
        type: Literal["admin", "team"] | None = None,
        body: str | None = None,
        snoozed_until: Time | None = None,
        assignee_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Close, snooze, open or assign a conversation."""

    async def merge(
        self,
        id: str | int,
        *,
        merge_into_conversation_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Merge a conversation into another one."""

    async def redact(
        self,
        *,
        type: Literal["conversation_part", "source"],
        conversation_id: str | int,
        conversation_part_id: str | int | None = None,
        source_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Redact one part or the first message of a conversation permanently."""

    async def reply(
        self,
        conversation_id: str | int,
        *,
        message_type: Literal["comment", "note", "quick_reply"],
        type: Literal["user", "admin"],
        body: str | None = None,
        created_at: Time | None = None,
        attachment_urls: Sequence[str] | None = None,
        reply_options: Sequence[Object] | None = None,
        intercom_user_id: str | int | None = None,
        attachment_files: Sequence[Object] | None = None,
        email: str | None = None,
        user_id: str | int | None = None,
        admin_id: str | int | None = None,
        skip_notifications: bool | None = None,
        skip_unsnooze: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Reply to a conversation as a contact or a teammate, or add a note."""

    async def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        semantic: Object | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    async def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run conversations.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run conversations.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class SyncConversations:
    """Threads between contacts and teammates, with their state, assignment, ratings and statistics."""

    def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List conversations (messages not included)."""

    def search(
        self,
        query: Object | Filter | None = None,
        *,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search conversations (messages not included)."""

    def get(
        self,
        id: str | int,
        *,
        display_as: Literal["html", "plaintext"] | None = None,
        include_translations: bool | None = None,
        include_email_history: bool | None = None,
        include_monitors: bool | None = None,
        include_scorecards: bool | None = None,
    ) -> pd.DataFrame:
        """Get one conversation with up to 500 of its newest parts."""

    def create(
        self,
        *,
        from_: Object,
        body: str,
        subject: str | None = None,
        attachment_urls: Sequence[str] | None = None,
        created_at: Time | None = None,
        brand_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start a conversation on behalf of a contact; returns its first message."""

    def update(
        self,
        id: str | int,
        *,
        display_as: Literal["html", "plaintext"] | None = None,
        read: bool | None = None,
        title: str | None = None,
        custom_attributes: Object | None = None,
        company_id: str | int | None = None,
        priority: Literal["none", "low", "medium", "high", "urgent"] | None = None,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the title, the read flag or custom attributes of a conversation."""

    def update_part(
        self,
        conversation_id: str | int,
        id: str | int,
        *,
        secret: str,
        send_state: str | None = None,
        info_message: str | None = None,
        seen: bool | None = None,
        admin_id: str | int | None = None,
        experimental: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Set the send state of an external reply, or mark a part as seen. Experimental."""

    def delete(
        self,
        id: str | int,
        *,
        retain_metrics: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a conversation permanently; reports keep its numbers."""

    def attach_contact(
        self,
        conversation_id: str | int,
        *,
        admin_id: str | int | None = None,
        customer: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a contact to a conversation."""

    def attach_tag(
        self,
        conversation_id: str | int,
        id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a conversation."""

    def convert_to_ticket(
        self,
        conversation_id: str | int,
        *,
        ticket_type_id: str | int,
        attributes: Object | None = None,
        ticket_state_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Convert a conversation to a ticket."""

    def detach_contact(
        self,
        conversation_id: str | int,
        contact_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a contact from a conversation."""

    def detach_tag(
        self,
        conversation_id: str | int,
        tag_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a conversation."""

    def list_deleted(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the ids of deleted conversations."""

    def list_handling_events(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """List when teammates started and stopped handling a conversation."""

    def list_side_conversations(
        self,
        id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the side conversations of a conversation."""

    def manage(
        self,
        conversation_id: str | int,
        *,
        message_type: Literal["close", "snoozed", "open", "assignment"],
        admin_id: str | int,
        type: Literal["admin", "team"] | None = None,
        body: str | None = None,
        snoozed_until: Time | None = None,
        assignee_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Close, snooze, open or assign a conversation."""

    def merge(
        self,
        id: str | int,
        *,
        merge_into_conversation_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Merge a conversation into another one."""

    def redact(
        self,
        *,
        type: Literal["conversation_part", "source"],
        conversation_id: str | int,
        conversation_part_id: str | int | None = None,
        source_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Redact one part or the first message of a conversation permanently."""

    def reply(
        self,
        conversation_id: str | int,
        *,
        message_type: Literal["comment", "note", "quick_reply"],
        type: Literal["user", "admin"],
        body: str | None = None,
        created_at: Time | None = None,
        attachment_urls: Sequence[str] | None = None,
        reply_options: Sequence[Object] | None = None,
        intercom_user_id: str | int | None = None,
        attachment_files: Sequence[Object] | None = None,
        email: str | None = None,
        user_id: str | int | None = None,
        admin_id: str | int | None = None,
        skip_notifications: bool | None = None,
        skip_unsnooze: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Reply to a conversation as a contact or a teammate, or add a note."""

    def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        semantic: Object | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversations.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run conversations.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run conversations.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class AsyncConversationParts:
    """Messages and events of conversations, in Airbyte's copy of the workspace (hosted mode only)."""

    async def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        semantic: Object | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    async def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

class SyncConversationParts:
    """Messages and events of conversations, in Airbyte's copy of the workspace (hosted mode only)."""

    def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        semantic: Object | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

class AsyncCompanies:
    """Organizations that contacts belong to."""

    async def list(
        self,
        *,
        name: str | None = None,
        company_id: str | int | None = None,
        tag_id: str | int | None = None,
        segment_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List companies that have contacts, or the one with a given name or company_id."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one company by its Intercom id."""

    async def create(
        self,
        *,
        name: str | None = None,
        company_id: str | int | None = None,
        plan: str | None = None,
        size: int | None = None,
        website: str | None = None,
        industry: str | None = None,
        custom_attributes: Object | None = None,
        remote_created_at: Time | None = None,
        monthly_spend: int | None = None,
        update_last_request_at: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a company, or update the one with the same company_id."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        plan: str | None = None,
        size: int | None = None,
        website: str | None = None,
        industry: str | None = None,
        custom_attributes: Object | None = None,
        monthly_spend: int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a company."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a company; Intercom completes this in the background."""

    async def create_note(
        self,
        company_id: str | int,
        *,
        body: str,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a note to a company."""

    async def list_all(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List companies, most recently active first; at most 10,000."""

    async def list_contacts(
        self,
        company_id: str | int,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """List the contacts of a company."""

    async def list_notes(
        self,
        company_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the notes on a company."""

    async def list_segments(
        self,
        company_id: str | int,
    ) -> pd.DataFrame:
        """List the segments of a company."""

    async def scroll(
        self,
        *,
        scroll_param: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Read all companies; a workspace has one open scroll at a time."""

    async def search(
        self,
        *,
        query: Object | Filter | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
    ) -> pd.DataFrame:
        """Search companies by one filter."""

    async def create_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create or update up to 100 companies in a background job."""

    async def update_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update up to 100 companies in a background job."""

    async def delete_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete up to 100 companies in a background job."""

    async def get_bulk_job(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the state of a bulk job of companies."""

    async def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    async def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.delete for each row, in parallel; every row is checked before the first is sent."""

    async def sync(
        self,
        rows: Rows,
        *,
        key: str | None = None,
        dry_run: bool = True,
        progress: ProgressCallback | bool | None = None,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Create and update records so that they have the values of rows; send only what differs."""

class SyncCompanies:
    """Organizations that contacts belong to."""

    def list(
        self,
        *,
        name: str | None = None,
        company_id: str | int | None = None,
        tag_id: str | int | None = None,
        segment_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List companies that have contacts, or the one with a given name or company_id."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one company by its Intercom id."""

    def create(
        self,
        *,
        name: str | None = None,
        company_id: str | int | None = None,
        plan: str | None = None,
        size: int | None = None,
        website: str | None = None,
        industry: str | None = None,
        custom_attributes: Object | None = None,
        remote_created_at: Time | None = None,
        monthly_spend: int | None = None,
        update_last_request_at: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a company, or update the one with the same company_id."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        plan: str | None = None,
        size: int | None = None,
        website: str | None = None,
        industry: str | None = None,
        custom_attributes: Object | None = None,
        monthly_spend: int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a company."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a company; Intercom completes this in the background."""

    def create_note(
        self,
        company_id: str | int,
        *,
        body: str,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a note to a company."""

    def list_all(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List companies, most recently active first; at most 10,000."""

    def list_contacts(
        self,
        company_id: str | int,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        complete: bool = False,
    ) -> pd.DataFrame:
        """List the contacts of a company."""

    def list_notes(
        self,
        company_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the notes on a company."""

    def list_segments(
        self,
        company_id: str | int,
    ) -> pd.DataFrame:
        """List the segments of a company."""

    def scroll(
        self,
        *,
        scroll_param: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Read all companies; a workspace has one open scroll at a time."""

    def search(
        self,
        *,
        query: Object | Filter | None = None,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
    ) -> pd.DataFrame:
        """Search companies by one filter."""

    def create_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create or update up to 100 companies in a background job."""

    def update_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update up to 100 companies in a background job."""

    def delete_bulk(
        self,
        *,
        companies: Sequence[Object],
        job: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete up to 100 companies in a background job."""

    def get_bulk_job(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the state of a bulk job of companies."""

    def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run companies.delete for each row, in parallel; every row is checked before the first is sent."""

    def sync(
        self,
        rows: Rows,
        *,
        key: str | None = None,
        dry_run: bool = True,
        progress: ProgressCallback | bool | None = None,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Create and update records so that they have the values of rows; send only what differs."""

class AsyncTeams:
    """Groups of teammates that conversations are assigned to."""

    async def list(self) -> pd.DataFrame:
        """List all teams."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one team by its id."""

    async def get_metrics(
        self,
        team_id: str | int,
        *,
        idle_threshold: int | None = None,
    ) -> pd.DataFrame:
        """Get the number of open, snoozed and idle conversations of each teammate of a team."""

    async def update(
        self,
        id: str | int,
        *,
        admin_ids: Sequence[int],
        admin_priority_level: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Set the members of a team."""

    async def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    async def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run teams.update for each row, in parallel; every row is checked before the first is sent."""

class SyncTeams:
    """Groups of teammates that conversations are assigned to."""

    def list(self) -> pd.DataFrame:
        """List all teams."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one team by its id."""

    def get_metrics(
        self,
        team_id: str | int,
        *,
        idle_threshold: int | None = None,
    ) -> pd.DataFrame:
        """Get the number of open, snoozed and idle conversations of each teammate of a team."""

    def update(
        self,
        id: str | int,
        *,
        admin_ids: Sequence[int],
        admin_priority_level: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Set the members of a team."""

    def context_store_search(
        self,
        *,
        filter: Object | None = None,
        sort: Sequence[Object] | str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: Sequence[Any] | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search Airbyte's copy of the workspace, which can be hours old."""

    def context_store_sql_query(
        self,
        *,
        sql: str,
        max_rows: int | None = None,
    ) -> pd.DataFrame:
        """Query Airbyte's copy of the workspace in SQL, one table for each entity of the copy. Not in generation 1."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run teams.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncAdmins:
    """Teammates who work in the inbox."""

    async def list(
        self,
        *,
        display_avatar: bool | None = None,
    ) -> pd.DataFrame:
        """List all teammates."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one teammate by id."""

    async def identify(self) -> pd.DataFrame:
        """Get the owner, workspace and region of the access token."""

    async def set_away(
        self,
        admin_id: str | int,
        *,
        away_mode_enabled: bool | None = None,
        away_mode_reassign: bool | None = None,
        away_status_reason_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Mark a teammate as away or back."""

class SyncAdmins:
    """Teammates who work in the inbox."""

    def list(
        self,
        *,
        display_avatar: bool | None = None,
    ) -> pd.DataFrame:
        """List all teammates."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one teammate by id."""

    def identify(self) -> pd.DataFrame:
        """Get the owner, workspace and region of the access token."""

    def set_away(
        self,
        admin_id: str | int,
        *,
        away_mode_enabled: bool | None = None,
        away_mode_reassign: bool | None = None,
        away_status_reason_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Mark a teammate as away or back."""

class AsyncTags:
    """Labels on contacts, companies and conversations."""

    async def list(self) -> pd.DataFrame:
        """List all tags of the workspace."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one tag by its id."""

    async def create(
        self,
        *,
        name: str,
        id: str | int | None = None,
        companies: Sequence[Object] | None = None,
        users: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create or rename a tag, or add it to companies or users."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a tag that is no longer used."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tags.create for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tags.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncTags:
    """Labels on contacts, companies and conversations."""

    def list(self) -> pd.DataFrame:
        """List all tags of the workspace."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one tag by its id."""

    def create(
        self,
        *,
        name: str,
        id: str | int | None = None,
        companies: Sequence[Object] | None = None,
        users: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create or rename a tag, or add it to companies or users."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a tag that is no longer used."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tags.create for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tags.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncSegments:
    """Saved groups of contacts or companies, defined by rules in Intercom."""

    async def list(
        self,
        *,
        include_count: bool | None = None,
        type: Literal["company"] | None = None,
    ) -> pd.DataFrame:
        """List all segments."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one segment by its id."""

class SyncSegments:
    """Saved groups of contacts or companies, defined by rules in Intercom."""

    def list(
        self,
        *,
        include_count: bool | None = None,
        type: Literal["company"] | None = None,
    ) -> pd.DataFrame:
        """List all segments."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one segment by its id."""

class AsyncNotes:
    """Notes of teammates on a contact."""

    async def list(
        self,
        contact_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the notes on one contact."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one note by its id."""

    async def create(
        self,
        contact_id: str | int,
        *,
        body: str,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a note to a contact."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run notes.create for each row, in parallel; every row is checked before the first is sent."""

class SyncNotes:
    """Notes of teammates on a contact."""

    def list(
        self,
        contact_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the notes on one contact."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one note by its id."""

    def create(
        self,
        contact_id: str | int,
        *,
        body: str,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a note to a contact."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run notes.create for each row, in parallel; every row is checked before the first is sent."""

class AsyncInternalArticles:
    """Knowledge articles that only teammates see."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List internal articles."""

    async def search(
        self,
        *,
        folder_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search the internal articles of a folder."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one internal article by its id."""

    async def create(
        self,
        *,
        title: str,
        author_id: str | int,
        owner_id: str | int,
        body: str | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        folder_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an internal article."""

    async def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        body: str | None = None,
        author_id: str | int | None = None,
        owner_id: str | int | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        folder_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an internal article."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an internal article."""

    async def attach_tag(
        self,
        internal_article_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to an internal article."""

    async def detach_tag(
        self,
        internal_article_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from an internal article."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run internal_articles.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run internal_articles.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class SyncInternalArticles:
    """Knowledge articles that only teammates see."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List internal articles."""

    def search(
        self,
        *,
        folder_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search the internal articles of a folder."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one internal article by its id."""

    def create(
        self,
        *,
        title: str,
        author_id: str | int,
        owner_id: str | int,
        body: str | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        folder_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an internal article."""

    def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        body: str | None = None,
        author_id: str | int | None = None,
        owner_id: str | int | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        folder_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an internal article."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an internal article."""

    def attach_tag(
        self,
        internal_article_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to an internal article."""

    def detach_tag(
        self,
        internal_article_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from an internal article."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run internal_articles.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run internal_articles.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run internal_articles.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class AsyncTickets:
    """Requests, tasks and trackers that teammates work on, with their state, attributes and parts."""

    async def search(
        self,
        query: Object | Filter | None = None,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search tickets."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one ticket by its id (not the number shown in the inbox)."""

    async def create(
        self,
        *,
        ticket_type_id: str | int,
        contacts: Sequence[Object],
        conversation_to_link_id: str | int | None = None,
        company_id: str | int | None = None,
        created_at: Time | None = None,
        ticket_attributes: Object | None = None,
        assignment: Object | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket for a contact."""

    async def update(
        self,
        id: str | int,
        *,
        ticket_attributes: Object | None = None,
        ticket_state_id: str | int | None = None,
        company_id: str | int | None = None,
        open: bool | None = None,
        is_shared: bool | None = None,
        snoozed_until: Time | None = None,
        admin_id: str | int | None = None,
        assignee_id: str | int | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a ticket: its state, attributes, assignee."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a ticket permanently; reports keep its numbers."""

    async def attach_tag(
        self,
        ticket_id: str | int,
        id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a ticket."""

    async def change_type(
        self,
        ticket_id: str | int,
        *,
        ticket_type_id: str | int,
        ticket_state_id: str | int,
        ticket_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Change the type of a ticket."""

    async def detach_tag(
        self,
        ticket_id: str | int,
        tag_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a ticket."""

    async def enqueue_create(
        self,
        *,
        ticket_type_id: str | int,
        contacts: Sequence[Object],
        conversation_to_link_id: str | int | None = None,
        company_id: str | int | None = None,
        created_at: Time | None = None,
        ticket_attributes: Object | None = None,
        assignment: Object | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket in the background; returns a job."""

    async def link_conversation(
        self,
        ticket_id: str | int,
        *,
        conversation_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Link a conversation to a tracker ticket."""

    async def reply(
        self,
        ticket_id: str | int,
        *,
        message_type: Literal["comment", "note", "quick_reply"],
        type: Literal["user", "admin"],
        skip_notifications: bool | None = None,
        body: str | None = None,
        created_at: Time | None = None,
        attachment_urls: Sequence[str] | None = None,
        reply_options: Sequence[Object] | None = None,
        intercom_user_id: str | int | None = None,
        user_id: str | int | None = None,
        email: str | None = None,
        admin_id: str | int | None = None,
        cross_post: bool | None = None,
        attachment_files: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Reply to a ticket as a contact or a teammate, or add a note."""

    async def unlink_conversation(
        self,
        ticket_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Unlink a conversation from a tracker ticket."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run tickets.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run tickets.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class SyncTickets:
    """Requests, tasks and trackers that teammates work on, with their state, attributes and parts."""

    def search(
        self,
        query: Object | Filter | None = None,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        sort: Object | str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
        validate: bool = True,
        **filters: Any,
    ) -> pd.DataFrame:
        """Search tickets."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one ticket by its id (not the number shown in the inbox)."""

    def create(
        self,
        *,
        ticket_type_id: str | int,
        contacts: Sequence[Object],
        conversation_to_link_id: str | int | None = None,
        company_id: str | int | None = None,
        created_at: Time | None = None,
        ticket_attributes: Object | None = None,
        assignment: Object | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket for a contact."""

    def update(
        self,
        id: str | int,
        *,
        ticket_attributes: Object | None = None,
        ticket_state_id: str | int | None = None,
        company_id: str | int | None = None,
        open: bool | None = None,
        is_shared: bool | None = None,
        snoozed_until: Time | None = None,
        admin_id: str | int | None = None,
        assignee_id: str | int | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a ticket: its state, attributes, assignee."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a ticket permanently; reports keep its numbers."""

    def attach_tag(
        self,
        ticket_id: str | int,
        id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a ticket."""

    def change_type(
        self,
        ticket_id: str | int,
        *,
        ticket_type_id: str | int,
        ticket_state_id: str | int,
        ticket_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Change the type of a ticket."""

    def detach_tag(
        self,
        ticket_id: str | int,
        tag_id: str | int,
        *,
        admin_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a ticket."""

    def enqueue_create(
        self,
        *,
        ticket_type_id: str | int,
        contacts: Sequence[Object],
        conversation_to_link_id: str | int | None = None,
        company_id: str | int | None = None,
        created_at: Time | None = None,
        ticket_attributes: Object | None = None,
        assignment: Object | None = None,
        skip_notifications: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket in the background; returns a job."""

    def link_conversation(
        self,
        ticket_id: str | int,
        *,
        conversation_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Link a conversation to a tracker ticket."""

    def reply(
        self,
        ticket_id: str | int,
        *,
        message_type: Literal["comment", "note", "quick_reply"],
        type: Literal["user", "admin"],
        skip_notifications: bool | None = None,
        body: str | None = None,
        created_at: Time | None = None,
        attachment_urls: Sequence[str] | None = None,
        reply_options: Sequence[Object] | None = None,
        intercom_user_id: str | int | None = None,
        user_id: str | int | None = None,
        email: str | None = None,
        admin_id: str | int | None = None,
        cross_post: bool | None = None,
        attachment_files: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Reply to a ticket as a contact or a teammate, or add a note."""

    def unlink_conversation(
        self,
        ticket_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Unlink a conversation from a tracker ticket."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run tickets.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run tickets.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run tickets.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class AsyncTicketTypes:
    """Types of tickets and the attributes of each type."""

    async def list(self) -> pd.DataFrame:
        """List all ticket types."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one ticket type by its id."""

    async def create(
        self,
        *,
        name: str,
        description: str | None = None,
        category: Literal["Customer", "Back-office", "Tracker"] | None = None,
        icon: str | None = None,
        is_internal: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket type."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        category: Literal["Customer", "Back-office", "Tracker"] | None = None,
        icon: str | None = None,
        archived: bool | None = None,
        is_internal: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a ticket type."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_types.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_types.update for each row, in parallel; every row is checked before the first is sent."""

class SyncTicketTypes:
    """Types of tickets and the attributes of each type."""

    def list(self) -> pd.DataFrame:
        """List all ticket types."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one ticket type by its id."""

    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        category: Literal["Customer", "Back-office", "Tracker"] | None = None,
        icon: str | None = None,
        is_internal: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a ticket type."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        category: Literal["Customer", "Back-office", "Tracker"] | None = None,
        icon: str | None = None,
        archived: bool | None = None,
        is_internal: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a ticket type."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_types.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_types.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncTicketTypeAttributes:
    """Fields of a ticket type."""

    async def create(
        self,
        ticket_type_id: str | int,
        *,
        name: str,
        description: str,
        data_type: str,
        required_to_create: bool | None = None,
        required_to_create_for_contacts: bool | None = None,
        visible_on_create: bool | None = None,
        visible_to_contacts: bool | None = None,
        multiline: bool | None = None,
        list_items: str | None = None,
        allow_multiple_values: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a field to a ticket type."""

    async def update(
        self,
        ticket_type_id: str | int,
        attribute_id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        required_to_create: bool | None = None,
        required_to_create_for_contacts: bool | None = None,
        visible_on_create: bool | None = None,
        visible_to_contacts: bool | None = None,
        multiline: bool | None = None,
        list_items: str | None = None,
        allow_multiple_values: bool | None = None,
        archived: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a field of a ticket type."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_type_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_type_attributes.update for each row, in parallel; every row is checked before the first is sent."""

class SyncTicketTypeAttributes:
    """Fields of a ticket type."""

    def create(
        self,
        ticket_type_id: str | int,
        *,
        name: str,
        description: str,
        data_type: str,
        required_to_create: bool | None = None,
        required_to_create_for_contacts: bool | None = None,
        visible_on_create: bool | None = None,
        visible_to_contacts: bool | None = None,
        multiline: bool | None = None,
        list_items: str | None = None,
        allow_multiple_values: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a field to a ticket type."""

    def update(
        self,
        ticket_type_id: str | int,
        attribute_id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        required_to_create: bool | None = None,
        required_to_create_for_contacts: bool | None = None,
        visible_on_create: bool | None = None,
        visible_to_contacts: bool | None = None,
        multiline: bool | None = None,
        list_items: str | None = None,
        allow_multiple_values: bool | None = None,
        archived: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a field of a ticket type."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_type_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ticket_type_attributes.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncTicketStates:
    """States of tickets."""

    async def list(self) -> pd.DataFrame:
        """List all ticket states."""

class SyncTicketStates:
    """States of tickets."""

    def list(self) -> pd.DataFrame:
        """List all ticket states."""

class AsyncArticles:
    """Help-center articles."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List articles, most recently updated first."""

    async def search(
        self,
        *,
        phrase: str | None = None,
        state: Literal["published", "draft", "all"] | None = None,
        help_center_id: str | int | None = None,
        highlight: bool | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search articles by a phrase."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one article by its id."""

    async def create(
        self,
        *,
        title: str,
        author_id: str | int,
        description: str | None = None,
        body: str | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an article."""

    async def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        author_id: str | int | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an article."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an article."""

    async def attach_tag(
        self,
        article_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to an article."""

    async def detach_tag(
        self,
        article_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from an article."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run articles.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run articles.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class SyncArticles:
    """Help-center articles."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List articles, most recently updated first."""

    def search(
        self,
        *,
        phrase: str | None = None,
        state: Literal["published", "draft", "all"] | None = None,
        help_center_id: str | int | None = None,
        highlight: bool | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search articles by a phrase."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one article by its id."""

    def create(
        self,
        *,
        title: str,
        author_id: str | int,
        description: str | None = None,
        body: str | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an article."""

    def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        author_id: str | int | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        body_markdown: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an article."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an article."""

    def attach_tag(
        self,
        article_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to an article."""

    def detach_tag(
        self,
        article_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from an article."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run articles.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run articles.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run articles.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class AsyncHelpCenters:
    """Help centers of the workspace."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
    ) -> pd.DataFrame:
        """List all help centers."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one help center by its id."""

class SyncHelpCenters:
    """Help centers of the workspace."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
    ) -> pd.DataFrame:
        """List all help centers."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one help center by its id."""

class AsyncHelpCenterCollections:
    """Collections and sections that group help-center articles."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List collections, most recently updated first."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one collection by its id."""

    async def create(
        self,
        *,
        name: str,
        description: str | None = None,
        translated_content: Object | None = None,
        parent_id: str | int | None = None,
        help_center_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a collection."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        translated_content: Object | None = None,
        parent_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a collection."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a collection."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncHelpCenterCollections:
    """Collections and sections that group help-center articles."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List collections, most recently updated first."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one collection by its id."""

    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        translated_content: Object | None = None,
        parent_id: str | int | None = None,
        help_center_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a collection."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        translated_content: Object | None = None,
        parent_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a collection."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a collection."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_collections.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncCalls:
    """Phone calls with participants, times, recordings and transcripts."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List calls."""

    async def search(
        self,
        *,
        conversation_ids: Sequence[str],
    ) -> pd.DataFrame:
        """Search the calls of up to 20 conversations, with their transcripts."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one call by its id."""

    async def get_recording(
        self,
        call_id: str | int,
    ) -> FileBytes:
        """Get the recording of a call as bytes."""

    async def get_transcript(
        self,
        call_id: str | int,
    ) -> FileText:
        """Get the transcript of a call as text."""

class SyncCalls:
    """Phone calls with participants, times, recordings and transcripts."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List calls."""

    def search(
        self,
        *,
        conversation_ids: Sequence[str],
    ) -> pd.DataFrame:
        """Search the calls of up to 20 conversations, with their transcripts."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one call by its id."""

    def get_recording(
        self,
        call_id: str | int,
    ) -> FileBytes:
        """Get the recording of a call as bytes."""

    def get_transcript(
        self,
        call_id: str | int,
    ) -> FileText:
        """Get the transcript of a call as text."""

class AsyncActivityLogs:
    """Actions of teammates and apps in the workspace, for audits."""

    async def list(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the activities in the workspace in a period."""

    async def search(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time | None = None,
        event_types: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search logged activities by time and type."""

class SyncActivityLogs:
    """Actions of teammates and apps in the workspace, for audits."""

    def list(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the activities in the workspace in a period."""

    def search(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time | None = None,
        event_types: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search logged activities by time and type."""

class AsyncDataAttributes:
    """Definitions of the attributes of contacts, companies and conversations."""

    async def list(
        self,
        *,
        model: Literal["contact", "company", "conversation"] | None = None,
        include_archived: bool | None = None,
    ) -> pd.DataFrame:
        """List the attributes of records."""

    async def create(
        self,
        *,
        name: str,
        model: Literal["contact", "company"],
        data_type: str,
        description: str | None = None,
        messenger_writable: bool | None = None,
        options: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Define a custom attribute of contacts or companies."""

    async def update(
        self,
        id: str | int,
        *,
        archived: bool | None = None,
        description: str | None = None,
        messenger_writable: bool | None = None,
        options: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the definition of an attribute."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_attributes.update for each row, in parallel; every row is checked before the first is sent."""

class SyncDataAttributes:
    """Definitions of the attributes of contacts, companies and conversations."""

    def list(
        self,
        *,
        model: Literal["contact", "company", "conversation"] | None = None,
        include_archived: bool | None = None,
    ) -> pd.DataFrame:
        """List the attributes of records."""

    def create(
        self,
        *,
        name: str,
        model: Literal["contact", "company"],
        data_type: str,
        description: str | None = None,
        messenger_writable: bool | None = None,
        options: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Define a custom attribute of contacts or companies."""

    def update(
        self,
        id: str | int,
        *,
        archived: bool | None = None,
        description: str | None = None,
        messenger_writable: bool | None = None,
        options: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the definition of an attribute."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_attributes.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncDataEvents:
    """Events of contacts in your product, as you reported them."""

    async def list(
        self,
        *,
        type: Literal["user"] | None = None,
        summary: bool | None = None,
        user_id: str | int | None = None,
        intercom_user_id: str | int | None = None,
        email: str | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the events of one contact; events are kept for 90 days."""

    async def create(
        self,
        *,
        event_name: str,
        created_at: Time,
        user_id: str | int | None = None,
        id: str | int | None = None,
        email: str | None = None,
        metadata: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Report an event of a contact in your product."""

    async def create_summaries(
        self,
        *,
        user_id: str | int | None = None,
        event_summaries: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Report a summary of events: how often and when a contact did something."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_events.create for each row, in parallel; every row is checked before the first is sent."""

class SyncDataEvents:
    """Events of contacts in your product, as you reported them."""

    def list(
        self,
        *,
        type: Literal["user"] | None = None,
        summary: bool | None = None,
        user_id: str | int | None = None,
        intercom_user_id: str | int | None = None,
        email: str | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the events of one contact; events are kept for 90 days."""

    def create(
        self,
        *,
        event_name: str,
        created_at: Time,
        user_id: str | int | None = None,
        id: str | int | None = None,
        email: str | None = None,
        metadata: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Report an event of a contact in your product."""

    def create_summaries(
        self,
        *,
        user_id: str | int | None = None,
        event_summaries: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Report a summary of events: how often and when a contact did something."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_events.create for each row, in parallel; every row is checked before the first is sent."""

class AsyncSubscriptionTypes:
    """Types of messages that a contact can opt in to or out of."""

    async def list(self) -> pd.DataFrame:
        """List all subscription types."""

class SyncSubscriptionTypes:
    """Types of messages that a contact can opt in to or out of."""

    def list(self) -> pd.DataFrame:
        """List all subscription types."""

class AsyncCustomObjectInstances:
    """Records of your own object types (orders, devices, ...) kept in Intercom."""

    async def list(
        self,
        custom_object_type_identifier: str,
        *,
        references_contact_id: str | int | None = None,
        references_conversation_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the instances that belong to a contact or a conversation."""

    async def get(
        self,
        custom_object_type_identifier: str,
        custom_object_instance_id: str | int,
    ) -> pd.DataFrame:
        """Get one instance by its Intercom id."""

    async def create(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int | None = None,
        external_created_at: Time | None = None,
        external_updated_at: Time | None = None,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an instance, or update the one with the same external id."""

    async def delete(
        self,
        custom_object_type_identifier: str,
        custom_object_instance_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an instance by its Intercom id."""

    async def delete_by_external_id(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an instance by its external id."""

    async def get_by_external_id(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int,
    ) -> pd.DataFrame:
        """Get one instance by its external id."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run custom_object_instances.create for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run custom_object_instances.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncCustomObjectInstances:
    """Records of your own object types (orders, devices, ...) kept in Intercom."""

    def list(
        self,
        custom_object_type_identifier: str,
        *,
        references_contact_id: str | int | None = None,
        references_conversation_id: str | int | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the instances that belong to a contact or a conversation."""

    def get(
        self,
        custom_object_type_identifier: str,
        custom_object_instance_id: str | int,
    ) -> pd.DataFrame:
        """Get one instance by its Intercom id."""

    def create(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int | None = None,
        external_created_at: Time | None = None,
        external_updated_at: Time | None = None,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an instance, or update the one with the same external id."""

    def delete(
        self,
        custom_object_type_identifier: str,
        custom_object_instance_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an instance by its Intercom id."""

    def delete_by_external_id(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an instance by its external id."""

    def get_by_external_id(
        self,
        custom_object_type_identifier: str,
        *,
        external_id: str | int,
    ) -> pd.DataFrame:
        """Get one instance by its external id."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run custom_object_instances.create for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run custom_object_instances.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncBrands:
    """Brands of the workspace."""

    async def list(self) -> pd.DataFrame:
        """List all brands."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one brand by its id."""

class SyncBrands:
    """Brands of the workspace."""

    def list(self) -> pd.DataFrame:
        """List all brands."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one brand by its id."""

class AsyncEmails:
    """Sender email addresses of the workspace."""

    async def list(self) -> pd.DataFrame:
        """List all sender addresses."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one sender address by its id."""

class SyncEmails:
    """Sender email addresses of the workspace."""

    def list(self) -> pd.DataFrame:
        """List all sender addresses."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one sender address by its id."""

class AsyncAwayStatusReasons:
    """Reasons for a teammate to be away."""

    async def list(self) -> pd.DataFrame:
        """List all away reasons."""

class SyncAwayStatusReasons:
    """Reasons for a teammate to be away."""

    def list(self) -> pd.DataFrame:
        """List all away reasons."""

class AsyncNewsItems:
    """News posts for your users."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List news items."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one news item by its id."""

    async def create(
        self,
        *,
        title: str,
        sender_id: str | int,
        body: str | None = None,
        state: Literal["draft", "live"] | None = None,
        deliver_silently: bool | None = None,
        labels: Sequence[str] | None = None,
        reactions: Sequence[str] | None = None,
        newsfeed_assignments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a news item."""

    async def update(
        self,
        id: str | int,
        *,
        title: str,
        sender_id: str | int,
        body: str | None = None,
        state: Literal["draft", "live"] | None = None,
        deliver_silently: bool | None = None,
        labels: Sequence[str] | None = None,
        reactions: Sequence[str] | None = None,
        newsfeed_assignments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a news item."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a news item."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncNewsItems:
    """News posts for your users."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List news items."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one news item by its id."""

    def create(
        self,
        *,
        title: str,
        sender_id: str | int,
        body: str | None = None,
        state: Literal["draft", "live"] | None = None,
        deliver_silently: bool | None = None,
        labels: Sequence[str] | None = None,
        reactions: Sequence[str] | None = None,
        newsfeed_assignments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a news item."""

    def update(
        self,
        id: str | int,
        *,
        title: str,
        sender_id: str | int,
        body: str | None = None,
        state: Literal["draft", "live"] | None = None,
        deliver_silently: bool | None = None,
        labels: Sequence[str] | None = None,
        reactions: Sequence[str] | None = None,
        newsfeed_assignments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a news item."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a news item."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run news_items.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncNewsfeeds:
    """Feeds in which news items appear."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List newsfeeds."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one newsfeed by its id."""

    async def list_items(
        self,
        newsfeed_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the live items of a newsfeed."""

class SyncNewsfeeds:
    """Feeds in which news items appear."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List newsfeeds."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one newsfeed by its id."""

    def list_items(
        self,
        newsfeed_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the live items of a newsfeed."""

class AsyncMessages:
    """Messages that a teammate or a contact starts, in the app or by email."""

    async def create(
        self,
        *,
        message_type: Literal["in_app", "email", "whatsapp", "sms"],
        body: str,
        from_: Object,
        to: Object | Sequence[Object],
        subject: str | None = None,
        template: Literal["plain", "personal"] | None = None,
        cc: Object | Sequence[Object] | None = None,
        bcc: Object | Sequence[Object] | None = None,
        created_at: Time | None = None,
        create_conversation_without_contact_reply: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send a message to a contact, in the app or by email, on behalf of a teammate."""

    async def get_whatsapp_status(
        self,
        *,
        message_id: str | int,
    ) -> pd.DataFrame:
        """Get the delivery status of a WhatsApp message."""

    async def list_whatsapp_statuses(
        self,
        *,
        ruleset_id: str | int,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the delivery statuses of the WhatsApp messages of a ruleset."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run messages.create for each row, in parallel; every row is checked before the first is sent."""

class SyncMessages:
    """Messages that a teammate or a contact starts, in the app or by email."""

    def create(
        self,
        *,
        message_type: Literal["in_app", "email", "whatsapp", "sms"],
        body: str,
        from_: Object,
        to: Object | Sequence[Object],
        subject: str | None = None,
        template: Literal["plain", "personal"] | None = None,
        cc: Object | Sequence[Object] | None = None,
        bcc: Object | Sequence[Object] | None = None,
        created_at: Time | None = None,
        create_conversation_without_contact_reply: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send a message to a contact, in the app or by email, on behalf of a teammate."""

    def get_whatsapp_status(
        self,
        *,
        message_id: str | int,
    ) -> pd.DataFrame:
        """Get the delivery status of a WhatsApp message."""

    def list_whatsapp_statuses(
        self,
        *,
        ruleset_id: str | int,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the delivery statuses of the WhatsApp messages of a ruleset."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run messages.create for each row, in parallel; every row is checked before the first is sent."""

class AsyncContentImportSources:
    """Sources of external content for the AI agent."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List content import sources."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one content import source by its id."""

    async def create(
        self,
        *,
        sync_behavior: Literal["api"],
        url: str,
        status: Literal["active", "deactivated"] | None = None,
        audience_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a source of external content."""

    async def update(
        self,
        id: str | int,
        *,
        sync_behavior: Literal["api", "automated", "manual"],
        url: str,
        status: Literal["active", "deactivated"] | None = None,
        audience_ids: Sequence[int] | None = None,
        apply_audience_to_existing_content: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a content import source."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a content import source and all its pages."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncContentImportSources:
    """Sources of external content for the AI agent."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List content import sources."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one content import source by its id."""

    def create(
        self,
        *,
        sync_behavior: Literal["api"],
        url: str,
        status: Literal["active", "deactivated"] | None = None,
        audience_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a source of external content."""

    def update(
        self,
        id: str | int,
        *,
        sync_behavior: Literal["api", "automated", "manual"],
        url: str,
        status: Literal["active", "deactivated"] | None = None,
        audience_ids: Sequence[int] | None = None,
        apply_audience_to_existing_content: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a content import source."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a content import source and all its pages."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_import_sources.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncExternalPages:
    """Pages of external content for the AI agent."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List external pages."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one external page by its id."""

    async def create(
        self,
        *,
        title: str,
        html: str,
        source_id: str | int,
        external_id: str | int,
        url: str | None = None,
        ai_agent_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        locale: Literal["en"] | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an external page, or update the one with the same source and external id."""

    async def update(
        self,
        id: str | int,
        *,
        title: str,
        html: str,
        url: str,
        source_id: str | int,
        fin_availability: bool | None = None,
        locale: Literal["en"] | None = None,
        external_id: str | int | None = None,
        ai_agent_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an external page."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an external page, so that the AI agent no longer uses it."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncExternalPages:
    """Pages of external content for the AI agent."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List external pages."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one external page by its id."""

    def create(
        self,
        *,
        title: str,
        html: str,
        source_id: str | int,
        external_id: str | int,
        url: str | None = None,
        ai_agent_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        locale: Literal["en"] | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an external page, or update the one with the same source and external id."""

    def update(
        self,
        id: str | int,
        *,
        title: str,
        html: str,
        url: str,
        source_id: str | int,
        fin_availability: bool | None = None,
        locale: Literal["en"] | None = None,
        external_id: str | int | None = None,
        ai_agent_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an external page."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an external page, so that the AI agent no longer uses it."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run external_pages.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncContentDataExports:
    """Jobs that export who received and opened outbound messages, as CSV."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a content export."""

    async def create(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start an export of message receipts; a workspace has one at a time."""

    async def cancel(
        self,
        job_identifier: str,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Cancel a content export."""

    async def download(
        self,
        job_identifier: str,
    ) -> FileBytes:
        """Download a completed content export as bytes."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_data_exports.create for each row, in parallel; every row is checked before the first is sent."""

    async def run(
        self,
        *,
        created_at_after: Any,
        created_at_before: Any,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Export who received and opened outbound messages, as one DataFrame."""

class SyncContentDataExports:
    """Jobs that export who received and opened outbound messages, as CSV."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a content export."""

    def create(
        self,
        *,
        created_at_after: Time,
        created_at_before: Time,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start an export of message receipts; a workspace has one at a time."""

    def cancel(
        self,
        job_identifier: str,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Cancel a content export."""

    def download(
        self,
        job_identifier: str,
    ) -> FileBytes:
        """Download a completed content export as bytes."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_data_exports.create for each row, in parallel; every row is checked before the first is sent."""

    def run(
        self,
        *,
        created_at_after: Any,
        created_at_before: Any,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Export who received and opened outbound messages, as one DataFrame."""

class AsyncReportingDataExports:
    """Jobs that export datasets of the reports, as CSV."""

    async def get(
        self,
        id: str | int,
        *,
        app_id: str | int,
        client_id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a reporting export."""

    async def create(
        self,
        *,
        dataset_id: str | int,
        attribute_ids: Sequence[str],
        start_time: Time,
        end_time: Time,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start the export of a dataset; at most five can be pending."""

    async def download(
        self,
        job_identifier: str,
        *,
        app_id: str | int,
    ) -> FileBytes:
        """Download a completed reporting export as bytes."""

    async def list_datasets(self) -> pd.DataFrame:
        """List the datasets that can be exported, with their attributes."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run reporting_data_exports.create for each row, in parallel; every row is checked before the first is sent."""

    async def run(
        self,
        *,
        dataset_id: str,
        start_time: Any,
        end_time: Any,
        attribute_ids: Any = None,
        app_id: str | None = None,
        client_id: str | None = None,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Export a dataset of the reports, as one DataFrame."""

class SyncReportingDataExports:
    """Jobs that export datasets of the reports, as CSV."""

    def get(
        self,
        id: str | int,
        *,
        app_id: str | int,
        client_id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a reporting export."""

    def create(
        self,
        *,
        dataset_id: str | int,
        attribute_ids: Sequence[str],
        start_time: Time,
        end_time: Time,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start the export of a dataset; at most five can be pending."""

    def download(
        self,
        job_identifier: str,
        *,
        app_id: str | int,
    ) -> FileBytes:
        """Download a completed reporting export as bytes."""

    def list_datasets(self) -> pd.DataFrame:
        """List the datasets that can be exported, with their attributes."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run reporting_data_exports.create for each row, in parallel; every row is checked before the first is sent."""

    def run(
        self,
        *,
        dataset_id: str,
        start_time: Any,
        end_time: Any,
        attribute_ids: Any = None,
        app_id: str | None = None,
        client_id: str | None = None,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Export a dataset of the reports, as one DataFrame."""

class AsyncJobs:
    """Jobs that the API runs in the background."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a background job."""

    async def wait(
        self,
        job_id: str,
        *,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Wait for a background job to end and return its last state."""

class SyncJobs:
    """Jobs that the API runs in the background."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the status of a background job."""

    def wait(
        self,
        job_id: str,
        *,
        poll_seconds: float = 5.0,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Wait for a background job to end and return its last state."""

class AsyncFinConversations:
    """Conversations with the Fin agent outside the Messenger."""

    async def reply(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        attachments: Sequence[Object] | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send the next message of a user to the Fin agent."""

    async def start(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        attachments: Sequence[Object] | None = None,
        conversation_metadata: Object | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start a conversation with the Fin agent."""

    async def submit_csat(
        self,
        *,
        conversation_id: str | int,
        rating: Literal["terrible", "bad", "ok", "good", "amazing"],
        remark: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Submit a user's rating of Fin."""

    async def ask(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        conversation_metadata: Object | None = None,
        attachments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Ask Fin a question in a conversation of your own."""

    async def list_capabilities(
        self,
        *,
        user: Object,
    ) -> pd.DataFrame:
        """List what Fin can do for a user."""

    async def escalate(
        self,
        *,
        conversation_id: str | int | None = None,
        user: Object | None = None,
        message: str | None = None,
        context: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Hand a conversation, or a user, over to a human."""

    async def run_procedure(
        self,
        procedure_id: str | int,
        *,
        conversation_id: str | int,
        user: Object,
        message: Object | None = None,
        conversation_metadata: Object | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Run a procedure of Fin in a conversation of your own."""

    async def submit_procedure_input(
        self,
        conversation_id: str | int,
        *,
        step_id: str,
        attribute_values: Sequence[Object],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Submit a human's input that a procedure waits for."""

class SyncFinConversations:
    """Conversations with the Fin agent outside the Messenger."""

    def reply(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        attachments: Sequence[Object] | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send the next message of a user to the Fin agent."""

    def start(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        attachments: Sequence[Object] | None = None,
        conversation_metadata: Object | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Start a conversation with the Fin agent."""

    def submit_csat(
        self,
        *,
        conversation_id: str | int,
        rating: Literal["terrible", "bad", "ok", "good", "amazing"],
        remark: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Submit a user's rating of Fin."""

    def ask(
        self,
        *,
        conversation_id: str | int,
        message: Object,
        user: Object,
        conversation_metadata: Object | None = None,
        attachments: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Ask Fin a question in a conversation of your own."""

    def list_capabilities(
        self,
        *,
        user: Object,
    ) -> pd.DataFrame:
        """List what Fin can do for a user."""

    def escalate(
        self,
        *,
        conversation_id: str | int | None = None,
        user: Object | None = None,
        message: str | None = None,
        context: str | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Hand a conversation, or a user, over to a human."""

    def run_procedure(
        self,
        procedure_id: str | int,
        *,
        conversation_id: str | int,
        user: Object,
        message: Object | None = None,
        conversation_metadata: Object | None = None,
        settings: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Run a procedure of Fin in a conversation of your own."""

    def submit_procedure_input(
        self,
        conversation_id: str | int,
        *,
        step_id: str,
        attribute_values: Sequence[Object],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Submit a human's input that a procedure waits for."""

class AsyncFinVoiceCalls:
    """Phone calls handled by the Fin voice agent."""

    async def list(
        self,
        conversation_id: str | int,
    ) -> pd.DataFrame:
        """List the Fin voice calls of a conversation."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one Fin voice call by its id."""

    async def get_by_external_id(
        self,
        external_id: str | int,
    ) -> pd.DataFrame:
        """Get one Fin voice call by the phone system's id."""

    async def get_by_phone_number(
        self,
        phone_number: str,
    ) -> pd.DataFrame:
        """Get the newest Fin voice call of a phone number."""

    async def register(
        self,
        *,
        phone_number: str,
        call_id: str | int,
        source: Literal["five9", "zoom_phone", "aws_connect"] | None = None,
        data: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Register a call that the Fin voice agent will answer."""

class SyncFinVoiceCalls:
    """Phone calls handled by the Fin voice agent."""

    def list(
        self,
        conversation_id: str | int,
    ) -> pd.DataFrame:
        """List the Fin voice calls of a conversation."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one Fin voice call by its id."""

    def get_by_external_id(
        self,
        external_id: str | int,
    ) -> pd.DataFrame:
        """Get one Fin voice call by the phone system's id."""

    def get_by_phone_number(
        self,
        phone_number: str,
    ) -> pd.DataFrame:
        """Get the newest Fin voice call of a phone number."""

    def register(
        self,
        *,
        phone_number: str,
        call_id: str | int,
        source: Literal["five9", "zoom_phone", "aws_connect"] | None = None,
        data: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Register a call that the Fin voice agent will answer."""

class AsyncIpAllowlists:
    """IP addresses from which teammates may use the workspace."""

    async def get(self) -> pd.DataFrame:
        """Get the allowed IP addresses."""

    async def update(
        self,
        *,
        type: Literal["ip_allowlist"] | None = None,
        enabled: bool | None = None,
        ip_allowlist: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Replace the allowed IP addresses; they must include yours."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ip_allowlists.update for each row, in parallel; every row is checked before the first is sent."""

class SyncIpAllowlists:
    """IP addresses from which teammates may use the workspace."""

    def get(self) -> pd.DataFrame:
        """Get the allowed IP addresses."""

    def update(
        self,
        *,
        type: Literal["ip_allowlist"] | None = None,
        enabled: bool | None = None,
        ip_allowlist: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Replace the allowed IP addresses; they must include yours."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run ip_allowlists.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncPhoneCallRedirects:
    """Invitations by SMS to continue in the Messenger instead of on the phone."""

    async def create(
        self,
        *,
        phone: str,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send an SMS that invites a caller to the Messenger."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run phone_call_redirects.create for each row, in parallel; every row is checked before the first is sent."""

class SyncPhoneCallRedirects:
    """Invitations by SMS to continue in the Messenger instead of on the phone."""

    def create(
        self,
        *,
        phone: str,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Send an SMS that invites a caller to the Messenger."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run phone_call_redirects.create for each row, in parallel; every row is checked before the first is sent."""

class AsyncVisitors:
    """Website visitors who are neither users nor leads yet."""

    async def get(
        self,
        *,
        user_id: str | int,
    ) -> pd.DataFrame:
        """Get one visitor by user id."""

    async def update(
        self,
        *,
        id: str | int | None = None,
        user_id: str | int | None = None,
        name: str | None = None,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the name or attributes of a visitor."""

    async def convert(
        self,
        *,
        type: Literal["user", "lead"],
        user: Object,
        visitor: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Convert a visitor to a user or a lead."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run visitors.update for each row, in parallel; every row is checked before the first is sent."""

class SyncVisitors:
    """Website visitors who are neither users nor leads yet."""

    def get(
        self,
        *,
        user_id: str | int,
    ) -> pd.DataFrame:
        """Get one visitor by user id."""

    def update(
        self,
        *,
        id: str | int | None = None,
        user_id: str | int | None = None,
        name: str | None = None,
        custom_attributes: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the name or attributes of a visitor."""

    def convert(
        self,
        *,
        type: Literal["user", "lead"],
        user: Object,
        visitor: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Convert a visitor to a user or a lead."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run visitors.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncWorkflows:
    """Automations and their configuration."""

    async def export(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the configuration of a workflow."""

class SyncWorkflows:
    """Automations and their configuration."""

    def export(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the configuration of a workflow."""

class AsyncMacros:
    """Saved replies and actions of the inbox."""

    async def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        updated_since: Time | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List macros."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one macro by its id."""

class SyncMacros:
    """Saved replies and actions of the inbox."""

    def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        updated_since: Time | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List macros."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one macro by its id."""

class AsyncActivityLogEventTypes:
    """Event types of activity logs."""

    async def list(self) -> pd.DataFrame:
        """List the event types of activity logs."""

class SyncActivityLogEventTypes:
    """Event types of activity logs."""

    def list(self) -> pd.DataFrame:
        """List the event types of activity logs."""

class AsyncOfficeHoursSchedules:
    """Weekly opening hours."""

    async def list(self) -> pd.DataFrame:
        """List all office-hours schedules."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one office-hours schedule by its id."""

    async def create(
        self,
        *,
        name: str,
        time_zone_name: str,
        time_intervals: Sequence[Object],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an office-hours schedule."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        time_zone_name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an office-hours schedule."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an office-hours schedule."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncOfficeHoursSchedules:
    """Weekly opening hours."""

    def list(self) -> pd.DataFrame:
        """List all office-hours schedules."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one office-hours schedule by its id."""

    def create(
        self,
        *,
        name: str,
        time_zone_name: str,
        time_intervals: Sequence[Object],
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an office-hours schedule."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        time_zone_name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an office-hours schedule."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an office-hours schedule."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_schedules.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncOfficeHoursExceptions:
    """Days on which an office-hours schedule does not apply."""

    async def list(
        self,
        office_hours_schedule_id: str | int,
    ) -> pd.DataFrame:
        """List the exceptions of a schedule."""

    async def get(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one exception of a schedule."""

    async def create(
        self,
        office_hours_schedule_id: str | int,
        *,
        exception_date: str | dt.date,
        exception_type: Literal["closed", "custom_hours"],
        name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        recurring_annually: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an exception to a schedule."""

    async def update(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
        *,
        exception_date: str | dt.date | None = None,
        exception_type: Literal["closed", "custom_hours"] | None = None,
        name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        recurring_annually: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an exception of a schedule."""

    async def delete(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an exception of a schedule."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncOfficeHoursExceptions:
    """Days on which an office-hours schedule does not apply."""

    def list(
        self,
        office_hours_schedule_id: str | int,
    ) -> pd.DataFrame:
        """List the exceptions of a schedule."""

    def get(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one exception of a schedule."""

    def create(
        self,
        office_hours_schedule_id: str | int,
        *,
        exception_date: str | dt.date,
        exception_type: Literal["closed", "custom_hours"],
        name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        recurring_annually: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an exception to a schedule."""

    def update(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
        *,
        exception_date: str | dt.date | None = None,
        exception_type: Literal["closed", "custom_hours"] | None = None,
        name: str | None = None,
        time_intervals: Sequence[Object] | None = None,
        recurring_annually: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an exception of a schedule."""

    def delete(
        self,
        office_hours_schedule_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an exception of a schedule."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run office_hours_exceptions.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncArticleDrafts:
    """Unpublished changes of articles."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the unpublished changes of an article."""

    async def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        body_markdown: str | None = None,
        author_id: str | int | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Stage changes to an article without publishing them."""

    async def publish(
        self,
        id: str | int,
        *,
        locales: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Publish the staged changes of an article."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run article_drafts.update for each row, in parallel; every row is checked before the first is sent."""

class SyncArticleDrafts:
    """Unpublished changes of articles."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get the unpublished changes of an article."""

    def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        body_markdown: str | None = None,
        author_id: str | int | None = None,
        state: Literal["published", "draft"] | None = None,
        parent_id: str | int | None = None,
        parent_type: Literal["collection", "section"] | None = None,
        translated_content: Object | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        scheduled_publish_at: Time | None = None,
        scheduled_unpublish_at: Time | None = None,
        folder_id: str | int | None = None,
        parent_ids: Sequence[int] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Stage changes to an article without publishing them."""

    def publish(
        self,
        id: str | int,
        *,
        locales: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Publish the staged changes of an article."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run article_drafts.update for each row, in parallel; every row is checked before the first is sent."""

class AsyncArticleVersions:
    """Earlier versions of an article."""

    async def list(
        self,
        article_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        locale: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the versions of an article."""

    async def get(
        self,
        article_id: str | int,
        id: str | int,
        *,
        locale: str | None = None,
    ) -> pd.DataFrame:
        """Get one version of an article."""

class SyncArticleVersions:
    """Earlier versions of an article."""

    def list(
        self,
        article_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        locale: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the versions of an article."""

    def get(
        self,
        article_id: str | int,
        id: str | int,
        *,
        locale: str | None = None,
    ) -> pd.DataFrame:
        """Get one version of an article."""

class AsyncAudiences:
    """Rules that define which contacts see content."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List audiences."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one audience by its id."""

    async def create(
        self,
        *,
        name: str,
        predicates: Sequence[Object] | None = None,
        role_predicates: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an audience."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        predicates: Sequence[Object] | None = None,
        role_predicates: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an audience."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an audience that is no longer used."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncAudiences:
    """Rules that define which contacts see content."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List audiences."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one audience by its id."""

    def create(
        self,
        *,
        name: str,
        predicates: Sequence[Object] | None = None,
        role_predicates: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an audience."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        predicates: Sequence[Object] | None = None,
        role_predicates: Sequence[Object] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update an audience."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an audience that is no longer used."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run audiences.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncHelpCenterRedirects:
    """Redirects from old URLs to articles and collections."""

    async def list(
        self,
        help_center_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the redirects of a help center."""

    async def get(
        self,
        help_center_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one redirect of a help center."""

    async def create(
        self,
        help_center_id: str | int,
        *,
        from_url: str,
        locale: str,
        target_type: Literal["article", "collection"],
        target_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a redirect to a help center."""

    async def delete(
        self,
        help_center_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a redirect of a help center."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_redirects.create for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_redirects.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncHelpCenterRedirects:
    """Redirects from old URLs to articles and collections."""

    def list(
        self,
        help_center_id: str | int,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the redirects of a help center."""

    def get(
        self,
        help_center_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one redirect of a help center."""

    def create(
        self,
        help_center_id: str | int,
        *,
        from_url: str,
        locale: str,
        target_type: Literal["article", "collection"],
        target_id: str | int,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a redirect to a help center."""

    def delete(
        self,
        help_center_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a redirect of a help center."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_redirects.create for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run help_center_redirects.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncContents:
    """Knowledge content of every type: articles, snippets, external pages."""

    async def search(
        self,
        *,
        query: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
        states: Sequence[str] | None = None,
        locales: Sequence[str] | None = None,
        tag_ids: Sequence[int] | None = None,
        tag_operator: Literal["IN", "NIN"] | None = None,
        any_tag_ids: Sequence[int] | None = None,
        folder_ids: Sequence[int] | None = None,
        folder_entity_type: Literal["folder"] | None = None,
        content_types: Sequence[str] | None = None,
        copilot_state: Literal["on", "off"] | None = None,
        fin_service_state: Literal["on", "off"] | None = None,
        fin_sales_state: Literal["on", "off"] | None = None,
        created_by_ids: Sequence[int] | None = None,
        last_updated_by_ids: Sequence[int] | None = None,
        created_at_after: Time | None = None,
        created_at_before: Time | None = None,
        updated_at_after: Time | None = None,
        updated_at_before: Time | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search knowledge content of any type."""

    async def bulk_action(
        self,
        *,
        action: str,
        content_ids: Sequence[Object],
        availability: Object | None = None,
        audience: Object | None = None,
        tags: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Publish, delete, tag or restrict up to 1,000 content items at once."""

class SyncContents:
    """Knowledge content of every type: articles, snippets, external pages."""

    def search(
        self,
        *,
        query: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
        states: Sequence[str] | None = None,
        locales: Sequence[str] | None = None,
        tag_ids: Sequence[int] | None = None,
        tag_operator: Literal["IN", "NIN"] | None = None,
        any_tag_ids: Sequence[int] | None = None,
        folder_ids: Sequence[int] | None = None,
        folder_entity_type: Literal["folder"] | None = None,
        content_types: Sequence[str] | None = None,
        copilot_state: Literal["on", "off"] | None = None,
        fin_service_state: Literal["on", "off"] | None = None,
        fin_sales_state: Literal["on", "off"] | None = None,
        created_by_ids: Sequence[int] | None = None,
        last_updated_by_ids: Sequence[int] | None = None,
        created_at_after: Time | None = None,
        created_at_before: Time | None = None,
        updated_at_after: Time | None = None,
        updated_at_before: Time | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """Search knowledge content of any type."""

    def bulk_action(
        self,
        *,
        action: str,
        content_ids: Sequence[Object],
        availability: Object | None = None,
        audience: Object | None = None,
        tags: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Publish, delete, tag or restrict up to 1,000 content items at once."""

class AsyncContentSnippets:
    """Short texts that the AI agent and teammates use in replies."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List content snippets."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one content snippet by its id."""

    async def create(
        self,
        *,
        title: str,
        json_blocks: Sequence[Object] | None = None,
        body_markdown: str | None = None,
        locale: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a content snippet."""

    async def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        json_blocks: Sequence[Object] | None = None,
        body_markdown: str | None = None,
        locale: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a content snippet."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a content snippet."""

    async def attach_tag(
        self,
        content_snippet_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a content snippet."""

    async def detach_tag(
        self,
        content_snippet_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a content snippet."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.delete for each row, in parallel; every row is checked before the first is sent."""

    async def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run content_snippets.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    async def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run content_snippets.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class SyncContentSnippets:
    """Short texts that the AI agent and teammates use in replies."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List content snippets."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one content snippet by its id."""

    def create(
        self,
        *,
        title: str,
        json_blocks: Sequence[Object] | None = None,
        body_markdown: str | None = None,
        locale: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a content snippet."""

    def update(
        self,
        id: str | int,
        *,
        title: str | None = None,
        json_blocks: Sequence[Object] | None = None,
        body_markdown: str | None = None,
        locale: str | None = None,
        audience_ids: Sequence[int] | None = None,
        ai_chatbot_availability: bool | None = None,
        ai_copilot_availability: bool | None = None,
        ai_sales_agent_availability: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a content snippet."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a content snippet."""

    def attach_tag(
        self,
        content_snippet_id: str | int,
        id: str | int,
        *,
        admin_id: str | int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add a tag to a content snippet."""

    def detach_tag(
        self,
        content_snippet_id: str | int,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Remove a tag from a content snippet."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run content_snippets.delete for each row, in parallel; every row is checked before the first is sent."""

    def tag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run content_snippets.attach_tag for each row, in parallel; every row is checked before the first is sent."""

    def untag_many(
        self,
        rows: Rows,
        tag_id: str,
        *,
        admin_id: str | None = None,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Run content_snippets.detach_tag for each row, in parallel; every row is checked before the first is sent."""

class AsyncConversationAttributes:
    """Definitions of the attributes of conversations."""

    async def list(
        self,
        *,
        include_archived: bool | None = None,
    ) -> pd.DataFrame:
        """List the attributes of conversations."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one conversation attribute by its id."""

    async def create(
        self,
        *,
        name: str,
        data_type: str,
        description: str | None = None,
        required: bool | None = None,
        visible_to_team_ids: Sequence[str] | None = None,
        multiline: bool | None = None,
        options: Sequence[Object] | None = None,
        reference: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Define a conversation attribute."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        multiline: bool | None = None,
        required: bool | None = None,
        visible_to_team_ids: Sequence[str] | None = None,
        reference: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the definition of a conversation attribute."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a conversation attribute."""

    async def create_option(
        self,
        id: str | int,
        *,
        label: str,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an option to a list attribute."""

    async def delete_option(
        self,
        id: str | int,
        option_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive an option of a list attribute."""

    async def update_option(
        self,
        id: str | int,
        option_id: str | int,
        *,
        label: str,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Rename an option of a list attribute."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncConversationAttributes:
    """Definitions of the attributes of conversations."""

    def list(
        self,
        *,
        include_archived: bool | None = None,
    ) -> pd.DataFrame:
        """List the attributes of conversations."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one conversation attribute by its id."""

    def create(
        self,
        *,
        name: str,
        data_type: str,
        description: str | None = None,
        required: bool | None = None,
        visible_to_team_ids: Sequence[str] | None = None,
        multiline: bool | None = None,
        options: Sequence[Object] | None = None,
        reference: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Define a conversation attribute."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        multiline: bool | None = None,
        required: bool | None = None,
        visible_to_team_ids: Sequence[str] | None = None,
        reference: Object | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update the definition of a conversation attribute."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive a conversation attribute."""

    def create_option(
        self,
        id: str | int,
        *,
        label: str,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Add an option to a list attribute."""

    def delete_option(
        self,
        id: str | int,
        option_id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Archive an option of a list attribute."""

    def update_option(
        self,
        id: str | int,
        option_id: str | int,
        *,
        label: str,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Rename an option of a list attribute."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run conversation_attributes.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncDataConnectors:
    """Calls to other systems that workflows and the AI agent can make."""

    async def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List data connectors."""

    async def get(
        self,
        id: str | int,
        *,
        state_version: Literal["draft", "live"] | None = None,
    ) -> pd.DataFrame:
        """Get one data connector by its id."""

    async def create(
        self,
        *,
        name: str,
        description: str | None = None,
        http_method: Literal["get", "post", "put", "delete", "patch"] | None = None,
        url: str | None = None,
        body: str | None = None,
        direct_fin_usage: bool | None = None,
        audiences: Sequence[str] | None = None,
        headers: Sequence[Object] | None = None,
        data_inputs: Sequence[Object] | None = None,
        customer_authentication: bool | None = None,
        bypass_authentication: bool | None = None,
        validate_missing_attributes: bool | None = None,
        mock_response: Object | None = None,
        token_ids: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a data connector as a draft."""

    async def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        state: Literal["draft", "live"] | None = None,
        http_method: Literal["get", "post", "put", "delete", "patch"] | None = None,
        url: str | None = None,
        body: str | None = None,
        direct_fin_usage: bool | None = None,
        audiences: Sequence[str] | None = None,
        headers: Sequence[Object] | None = None,
        data_inputs: Sequence[Object] | None = None,
        customer_authentication: bool | None = None,
        bypass_authentication: bool | None = None,
        validate_missing_attributes: bool | None = None,
        mock_response: Object | None = None,
        token_ids: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a data connector, or set it live."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a data connector that is no longer used."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncDataConnectors:
    """Calls to other systems that workflows and the AI agent can make."""

    def list(
        self,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List data connectors."""

    def get(
        self,
        id: str | int,
        *,
        state_version: Literal["draft", "live"] | None = None,
    ) -> pd.DataFrame:
        """Get one data connector by its id."""

    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        http_method: Literal["get", "post", "put", "delete", "patch"] | None = None,
        url: str | None = None,
        body: str | None = None,
        direct_fin_usage: bool | None = None,
        audiences: Sequence[str] | None = None,
        headers: Sequence[Object] | None = None,
        data_inputs: Sequence[Object] | None = None,
        customer_authentication: bool | None = None,
        bypass_authentication: bool | None = None,
        validate_missing_attributes: bool | None = None,
        mock_response: Object | None = None,
        token_ids: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a data connector as a draft."""

    def update(
        self,
        id: str | int,
        *,
        name: str | None = None,
        description: str | None = None,
        state: Literal["draft", "live"] | None = None,
        http_method: Literal["get", "post", "put", "delete", "patch"] | None = None,
        url: str | None = None,
        body: str | None = None,
        direct_fin_usage: bool | None = None,
        audiences: Sequence[str] | None = None,
        headers: Sequence[Object] | None = None,
        data_inputs: Sequence[Object] | None = None,
        customer_authentication: bool | None = None,
        bypass_authentication: bool | None = None,
        validate_missing_attributes: bool | None = None,
        mock_response: Object | None = None,
        token_ids: Sequence[str] | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a data connector, or set it live."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a data connector that is no longer used."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run data_connectors.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncDataConnectorExecutionResults:
    """Runs of data connectors and their results."""

    async def list(
        self,
        data_connector_id: str | int,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        success: bool | None = None,
        error_type: str | None = None,
        start_ts: Time | None = None,
        end_ts: Time | None = None,
        include_bodies: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the runs of a data connector."""

    async def get(
        self,
        data_connector_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one run of a data connector."""

class SyncDataConnectorExecutionResults:
    """Runs of data connectors and their results."""

    def list(
        self,
        data_connector_id: str | int,
        *,
        per_page: int | None = None,
        starting_after: str | None = None,
        success: bool | None = None,
        error_type: str | None = None,
        start_ts: Time | None = None,
        end_ts: Time | None = None,
        include_bodies: bool | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List the runs of a data connector."""

    def get(
        self,
        data_connector_id: str | int,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one run of a data connector."""

class AsyncFolders:
    """Folders of articles and other content."""

    async def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        parent_folder_id: str | int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List folders."""

    async def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one folder by its id."""

    async def create(
        self,
        *,
        folder: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a folder."""

    async def update(
        self,
        id: str | int,
        *,
        folder: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a folder."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a folder."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.create for each row, in parallel; every row is checked before the first is sent."""

    async def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.update for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncFolders:
    """Folders of articles and other content."""

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        parent_folder_id: str | int | None = None,
        limit: int | None = 1000,
        progress: ProgressCallback | bool | None = None,
    ) -> pd.DataFrame:
        """List folders."""

    def get(
        self,
        id: str | int,
    ) -> pd.DataFrame:
        """Get one folder by its id."""

    def create(
        self,
        *,
        folder: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create a folder."""

    def update(
        self,
        id: str | int,
        *,
        folder: Object,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Update a folder."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete a folder."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.create for each row, in parallel; every row is checked before the first is sent."""

    def update_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.update for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run folders.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncSecureModeSecrets:
    """Secrets for the identity verification of the Messenger."""

    async def list(self) -> pd.DataFrame:
        """List identity verification secrets."""

    async def create(
        self,
        *,
        name: str,
        supports_android: bool | None = None,
        supports_ios: bool | None = None,
        supports_web: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an identity verification secret; the response contains it: keep it out of saved outputs."""

    async def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an identity verification secret."""

    async def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run secure_mode_secrets.create for each row, in parallel; every row is checked before the first is sent."""

    async def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run secure_mode_secrets.delete for each row, in parallel; every row is checked before the first is sent."""

class SyncSecureModeSecrets:
    """Secrets for the identity verification of the Messenger."""

    def list(self) -> pd.DataFrame:
        """List identity verification secrets."""

    def create(
        self,
        *,
        name: str,
        supports_android: bool | None = None,
        supports_ios: bool | None = None,
        supports_web: bool | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Create an identity verification secret; the response contains it: keep it out of saved outputs."""

    def delete(
        self,
        id: str | int,
        *,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Delete an identity verification secret."""

    def create_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run secure_mode_secrets.create for each row, in parallel; every row is checked before the first is sent."""

    def delete_many(
        self,
        rows: Rows,
        *,
        progress: ProgressCallback | bool | None = None,
        dry_run: bool = False,
        resume: str | Path | pd.DataFrame | None = None,
        retry_in_doubt: bool = False,
    ) -> pd.DataFrame:
        """Run secure_mode_secrets.delete for each row, in parallel; every row is checked before the first is sent."""

class AsyncEcommerceConnectors:
    """Connections to shops, whose products Fin recommends."""

    async def upload_catalog(
        self,
        id: str | int,
        *,
        catalog: Sequence[Object] | None = None,
        finalize: Literal["true", "false"] | None = None,
        import_job_id: str | int | None = None,
        part_number: int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Upload products; in parts if the list is larger than 99 MB."""

class SyncEcommerceConnectors:
    """Connections to shops, whose products Fin recommends."""

    def upload_catalog(
        self,
        id: str | int,
        *,
        catalog: Sequence[Object] | None = None,
        finalize: Literal["true", "false"] | None = None,
        import_job_id: str | int | None = None,
        part_number: int | None = None,
        dry_run: bool = False,
    ) -> pd.DataFrame:
        """Upload products; in parts if the list is larger than 99 MB."""

class AsyncEntities:
    @property
    def contacts(self) -> AsyncContacts:
        """People who write to the workspace: users (known to your product) and leads."""

    @property
    def conversations(self) -> AsyncConversations:
        """Threads between contacts and teammates, with their state, assignment, ratings and statistics."""

    @property
    def conversation_parts(self) -> AsyncConversationParts:
        """Messages and events of conversations, in Airbyte's copy of the workspace (hosted mode only)."""

    @property
    def companies(self) -> AsyncCompanies:
        """Organizations that contacts belong to."""

    @property
    def teams(self) -> AsyncTeams:
        """Groups of teammates that conversations are assigned to."""

    @property
    def admins(self) -> AsyncAdmins:
        """Teammates who work in the inbox."""

    @property
    def tags(self) -> AsyncTags:
        """Labels on contacts, companies and conversations."""

    @property
    def segments(self) -> AsyncSegments:
        """Saved groups of contacts or companies, defined by rules in Intercom."""

    @property
    def notes(self) -> AsyncNotes:
        """Notes of teammates on a contact."""

    @property
    def internal_articles(self) -> AsyncInternalArticles:
        """Knowledge articles that only teammates see."""

    @property
    def tickets(self) -> AsyncTickets:
        """Requests, tasks and trackers that teammates work on, with their state, attributes and parts."""

    @property
    def ticket_types(self) -> AsyncTicketTypes:
        """Types of tickets and the attributes of each type."""

    @property
    def ticket_type_attributes(self) -> AsyncTicketTypeAttributes:
        """Fields of a ticket type."""

    @property
    def ticket_states(self) -> AsyncTicketStates:
        """States of tickets."""

    @property
    def articles(self) -> AsyncArticles:
        """Help-center articles."""

    @property
    def help_centers(self) -> AsyncHelpCenters:
        """Help centers of the workspace."""

    @property
    def help_center_collections(self) -> AsyncHelpCenterCollections:
        """Collections and sections that group help-center articles."""

    @property
    def calls(self) -> AsyncCalls:
        """Phone calls with participants, times, recordings and transcripts."""

    @property
    def activity_logs(self) -> AsyncActivityLogs:
        """Actions of teammates and apps in the workspace, for audits."""

    @property
    def data_attributes(self) -> AsyncDataAttributes:
        """Definitions of the attributes of contacts, companies and conversations."""

    @property
    def data_events(self) -> AsyncDataEvents:
        """Events of contacts in your product, as you reported them."""

    @property
    def subscription_types(self) -> AsyncSubscriptionTypes:
        """Types of messages that a contact can opt in to or out of."""

    @property
    def custom_object_instances(self) -> AsyncCustomObjectInstances:
        """Records of your own object types (orders, devices, ...) kept in Intercom."""

    @property
    def brands(self) -> AsyncBrands:
        """Brands of the workspace."""

    @property
    def emails(self) -> AsyncEmails:
        """Sender email addresses of the workspace."""

    @property
    def away_status_reasons(self) -> AsyncAwayStatusReasons:
        """Reasons for a teammate to be away."""

    @property
    def news_items(self) -> AsyncNewsItems:
        """News posts for your users."""

    @property
    def newsfeeds(self) -> AsyncNewsfeeds:
        """Feeds in which news items appear."""

    @property
    def messages(self) -> AsyncMessages:
        """Messages that a teammate or a contact starts, in the app or by email."""

    @property
    def content_import_sources(self) -> AsyncContentImportSources:
        """Sources of external content for the AI agent."""

    @property
    def external_pages(self) -> AsyncExternalPages:
        """Pages of external content for the AI agent."""

    @property
    def content_data_exports(self) -> AsyncContentDataExports:
        """Jobs that export who received and opened outbound messages, as CSV."""

    @property
    def reporting_data_exports(self) -> AsyncReportingDataExports:
        """Jobs that export datasets of the reports, as CSV."""

    @property
    def jobs(self) -> AsyncJobs:
        """Jobs that the API runs in the background."""

    @property
    def fin_conversations(self) -> AsyncFinConversations:
        """Conversations with the Fin agent outside the Messenger."""

    @property
    def fin_voice_calls(self) -> AsyncFinVoiceCalls:
        """Phone calls handled by the Fin voice agent."""

    @property
    def ip_allowlists(self) -> AsyncIpAllowlists:
        """IP addresses from which teammates may use the workspace."""

    @property
    def phone_call_redirects(self) -> AsyncPhoneCallRedirects:
        """Invitations by SMS to continue in the Messenger instead of on the phone."""

    @property
    def visitors(self) -> AsyncVisitors:
        """Website visitors who are neither users nor leads yet."""

    @property
    def workflows(self) -> AsyncWorkflows:
        """Automations and their configuration."""

    @property
    def macros(self) -> AsyncMacros:
        """Saved replies and actions of the inbox."""

    @property
    def activity_log_event_types(self) -> AsyncActivityLogEventTypes:
        """Event types of activity logs."""

    @property
    def office_hours_schedules(self) -> AsyncOfficeHoursSchedules:
        """Weekly opening hours."""

    @property
    def office_hours_exceptions(self) -> AsyncOfficeHoursExceptions:
        """Days on which an office-hours schedule does not apply."""

    @property
    def article_drafts(self) -> AsyncArticleDrafts:
        """Unpublished changes of articles."""

    @property
    def article_versions(self) -> AsyncArticleVersions:
        """Earlier versions of an article."""

    @property
    def audiences(self) -> AsyncAudiences:
        """Rules that define which contacts see content."""

    @property
    def help_center_redirects(self) -> AsyncHelpCenterRedirects:
        """Redirects from old URLs to articles and collections."""

    @property
    def contents(self) -> AsyncContents:
        """Knowledge content of every type: articles, snippets, external pages."""

    @property
    def content_snippets(self) -> AsyncContentSnippets:
        """Short texts that the AI agent and teammates use in replies."""

    @property
    def conversation_attributes(self) -> AsyncConversationAttributes:
        """Definitions of the attributes of conversations."""

    @property
    def data_connectors(self) -> AsyncDataConnectors:
        """Calls to other systems that workflows and the AI agent can make."""

    @property
    def data_connector_execution_results(self) -> AsyncDataConnectorExecutionResults:
        """Runs of data connectors and their results."""

    @property
    def folders(self) -> AsyncFolders:
        """Folders of articles and other content."""

    @property
    def secure_mode_secrets(self) -> AsyncSecureModeSecrets:
        """Secrets for the identity verification of the Messenger."""

    @property
    def ecommerce_connectors(self) -> AsyncEcommerceConnectors:
        """Connections to shops, whose products Fin recommends."""

class SyncEntities:
    @property
    def contacts(self) -> SyncContacts:
        """People who write to the workspace: users (known to your product) and leads."""

    @property
    def conversations(self) -> SyncConversations:
        """Threads between contacts and teammates, with their state, assignment, ratings and statistics."""

    @property
    def conversation_parts(self) -> SyncConversationParts:
        """Messages and events of conversations, in Airbyte's copy of the workspace (hosted mode only)."""

    @property
    def companies(self) -> SyncCompanies:
        """Organizations that contacts belong to."""

    @property
    def teams(self) -> SyncTeams:
        """Groups of teammates that conversations are assigned to."""

    @property
    def admins(self) -> SyncAdmins:
        """Teammates who work in the inbox."""

    @property
    def tags(self) -> SyncTags:
        """Labels on contacts, companies and conversations."""

    @property
    def segments(self) -> SyncSegments:
        """Saved groups of contacts or companies, defined by rules in Intercom."""

    @property
    def notes(self) -> SyncNotes:
        """Notes of teammates on a contact."""

    @property
    def internal_articles(self) -> SyncInternalArticles:
        """Knowledge articles that only teammates see."""

    @property
    def tickets(self) -> SyncTickets:
        """Requests, tasks and trackers that teammates work on, with their state, attributes and parts."""

    @property
    def ticket_types(self) -> SyncTicketTypes:
        """Types of tickets and the attributes of each type."""

    @property
    def ticket_type_attributes(self) -> SyncTicketTypeAttributes:
        """Fields of a ticket type."""

    @property
    def ticket_states(self) -> SyncTicketStates:
        """States of tickets."""

    @property
    def articles(self) -> SyncArticles:
        """Help-center articles."""

    @property
    def help_centers(self) -> SyncHelpCenters:
        """Help centers of the workspace."""

    @property
    def help_center_collections(self) -> SyncHelpCenterCollections:
        """Collections and sections that group help-center articles."""

    @property
    def calls(self) -> SyncCalls:
        """Phone calls with participants, times, recordings and transcripts."""

    @property
    def activity_logs(self) -> SyncActivityLogs:
        """Actions of teammates and apps in the workspace, for audits."""

    @property
    def data_attributes(self) -> SyncDataAttributes:
        """Definitions of the attributes of contacts, companies and conversations."""

    @property
    def data_events(self) -> SyncDataEvents:
        """Events of contacts in your product, as you reported them."""

    @property
    def subscription_types(self) -> SyncSubscriptionTypes:
        """Types of messages that a contact can opt in to or out of."""

    @property
    def custom_object_instances(self) -> SyncCustomObjectInstances:
        """Records of your own object types (orders, devices, ...) kept in Intercom."""

    @property
    def brands(self) -> SyncBrands:
        """Brands of the workspace."""

    @property
    def emails(self) -> SyncEmails:
        """Sender email addresses of the workspace."""

    @property
    def away_status_reasons(self) -> SyncAwayStatusReasons:
        """Reasons for a teammate to be away."""

    @property
    def news_items(self) -> SyncNewsItems:
        """News posts for your users."""

    @property
    def newsfeeds(self) -> SyncNewsfeeds:
        """Feeds in which news items appear."""

    @property
    def messages(self) -> SyncMessages:
        """Messages that a teammate or a contact starts, in the app or by email."""

    @property
    def content_import_sources(self) -> SyncContentImportSources:
        """Sources of external content for the AI agent."""

    @property
    def external_pages(self) -> SyncExternalPages:
        """Pages of external content for the AI agent."""

    @property
    def content_data_exports(self) -> SyncContentDataExports:
        """Jobs that export who received and opened outbound messages, as CSV."""

    @property
    def reporting_data_exports(self) -> SyncReportingDataExports:
        """Jobs that export datasets of the reports, as CSV."""

    @property
    def jobs(self) -> SyncJobs:
        """Jobs that the API runs in the background."""

    @property
    def fin_conversations(self) -> SyncFinConversations:
        """Conversations with the Fin agent outside the Messenger."""

    @property
    def fin_voice_calls(self) -> SyncFinVoiceCalls:
        """Phone calls handled by the Fin voice agent."""

    @property
    def ip_allowlists(self) -> SyncIpAllowlists:
        """IP addresses from which teammates may use the workspace."""

    @property
    def phone_call_redirects(self) -> SyncPhoneCallRedirects:
        """Invitations by SMS to continue in the Messenger instead of on the phone."""

    @property
    def visitors(self) -> SyncVisitors:
        """Website visitors who are neither users nor leads yet."""

    @property
    def workflows(self) -> SyncWorkflows:
        """Automations and their configuration."""

    @property
    def macros(self) -> SyncMacros:
        """Saved replies and actions of the inbox."""

    @property
    def activity_log_event_types(self) -> SyncActivityLogEventTypes:
        """Event types of activity logs."""

    @property
    def office_hours_schedules(self) -> SyncOfficeHoursSchedules:
        """Weekly opening hours."""

    @property
    def office_hours_exceptions(self) -> SyncOfficeHoursExceptions:
        """Days on which an office-hours schedule does not apply."""

    @property
    def article_drafts(self) -> SyncArticleDrafts:
        """Unpublished changes of articles."""

    @property
    def article_versions(self) -> SyncArticleVersions:
        """Earlier versions of an article."""

    @property
    def audiences(self) -> SyncAudiences:
        """Rules that define which contacts see content."""

    @property
    def help_center_redirects(self) -> SyncHelpCenterRedirects:
        """Redirects from old URLs to articles and collections."""

    @property
    def contents(self) -> SyncContents:
        """Knowledge content of every type: articles, snippets, external pages."""

    @property
    def content_snippets(self) -> SyncContentSnippets:
        """Short texts that the AI agent and teammates use in replies."""

    @property
    def conversation_attributes(self) -> SyncConversationAttributes:
        """Definitions of the attributes of conversations."""

    @property
    def data_connectors(self) -> SyncDataConnectors:
        """Calls to other systems that workflows and the AI agent can make."""

    @property
    def data_connector_execution_results(self) -> SyncDataConnectorExecutionResults:
        """Runs of data connectors and their results."""

    @property
    def folders(self) -> SyncFolders:
        """Folders of articles and other content."""

    @property
    def secure_mode_secrets(self) -> SyncSecureModeSecrets:
        """Secrets for the identity verification of the Messenger."""

    @property
    def ecommerce_connectors(self) -> SyncEcommerceConnectors:
        """Connections to shops, whose products Fin recommends."""
