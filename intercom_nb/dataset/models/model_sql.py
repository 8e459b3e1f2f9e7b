"""SQL and documentation of the end models that dbt_intercom users know.

Names, columns and definitions follow https://github.com/fivetran/dbt_intercom as of May 2026,
without its columns about history; the SQL is our own. Differences are noted at the columns.
"""

# ruff: noqa: S608 - the texts below are put together from constants only

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

TEXT, TIME, WHOLE, NUMBER, FLAG, TEXTS = (
    "varchar", "timestamptz", "bigint", "double", "boolean", "varchar[]"
)  # fmt: skip


def _columns(kinds: Mapping[str, str]) -> dict[str, str]:
    return {name: kind for kind, names in kinds.items() for name in names.split()}


# Columns of the dataset's tables that the models read, with their types.
SOURCES: dict[str, dict[str, str]] = {
    "conversations": _columns(
        {
            TEXT: "id source.type source.delivered_as source.subject source.author.type "
            "admin_assignee_id team_assignee_id state sla_applied.sla_name sla_applied.sla_status "
            "conversation_rating.remark",
            TIME: "created_at updated_at waiting_since snoozed_until",
            WHOLE: "conversation_rating.rating",
            FLAG: "read",
        }
    ),
    "conversation_parts": _columns(
        {
            TEXT: "conversation_id id part_type body author.type author.id assigned_to.type "
            "assigned_to.id",
            TIME: "created_at",
        }
    ),
    "conversation_tags": _columns({TEXT: "conversation_id id name"}),
    "contacts": _columns(
        {
            TEXT: "id owner_id name role email",
            TIME: "created_at updated_at signed_up_at last_replied_at last_email_clicked_at "
            "last_email_opened_at last_contacted_at",
            FLAG: "unsubscribed_from_emails",
        }
    ),
    "contact_tags": _columns({TEXT: "contact_id id"}),
    "contact_companies": _columns({TEXT: "contact_id id"}),
    "companies": _columns(
        {
            TEXT: "id name website industry plan.id plan.name",
            TIME: "created_at updated_at",
            WHOLE: "user_count session_count",
            NUMBER: "monthly_spend",
        }
    ),
    "company_tags": _columns({TEXT: "company_id id name"}),
    "tags": _columns({TEXT: "id name"}),
    "teams": _columns({TEXT: "id name", TEXTS: "admin_ids"}),
    "admins": _columns({TEXT: "id name job_title"}),
    "articles": _columns(
        {
            TEXT: "id title description body url type state default_locale workspace_id author_id "
            "parent_id parent_type",
            TIME: "created_at updated_at",
            WHOLE: "statistics.views statistics.conversations statistics.reactions",
            NUMBER: "statistics.happy_reaction_percentage statistics.neutral_reaction_percentage "
            "statistics.sad_reaction_percentage",
        }
    ),
    "help_center_collections": _columns(
        {TEXT: "id name description url icon parent_id help_center_id", WHOLE: "order"}
    ),
    "help_centers": _columns({TEXT: "id display_name identifier", FLAG: "website_turned_on"}),
}


@dataclasses.dataclass(frozen=True)
class EndModel:
    """One model: what a row is, the tables without which it makes no sense, its columns, its SQL.

    ``sources`` are tables or models; a missing one that is not ``required`` leaves its columns
    empty.
    """

    row: str
    required: tuple[str, ...]
    sources: tuple[str, ...]
    columns: Mapping[str, str]
    sql: str


_CONVERSATION = {
    "conversation_id": "Id of the conversation.",
    "conversation_created_at": "When it was created.",
    "conversation_last_updated_at": "When it was last updated.",
    "conversation_type": "Channel of the first message: conversation, email, ...",
    "conversation_initiated_type": "How it began: customer_initiated, admin_initiated, ...",
    "conversation_subject": "Subject of the first message (of emails).",
    "conversation_assignee_id": "Id of the assigned teammate, else of the assigned team.",
    "conversation_assignee_type": "admin, team or unassigned.",
    "conversation_author_type": "Type of the author of the first message: user, lead, admin, bot.",
    "conversation_state": "open, closed or snoozed.",
    "is_read": "Whether the conversation has been read.",
    "waiting_since": "Since when the customer has waited for a reply; missing if not waiting.",
    "snoozed_until": "When a snoozed conversation opens again.",
    "sla_name": "Name of the SLA.",
    "sla_status": "hit, missed, cancelled or active.",
    "conversation_rating": "Rating of the customer, 1 to 5.",
    "conversation_remark": "Remark of the customer about the rating.",
    "is_assignee_admin": "Whether the assignee is a teammate.",
    "first_close_at": "Time of the first part of type close, by anyone.",
    "last_close_at": "Time of the last part of type close, by anyone.",
    "first_admin_close_at": "Time of the first part of type close by a teammate.",
    "last_admin_close_at": "Time of the last part of type close by a teammate.",
    "all_conversation_tags": "Names of its tags, separated by comma and space.",
    "first_close_by_admin_id": "Id of the teammate who closed it first.",
    "last_close_by_admin_id": "Id of the teammate who closed it last.",
    "first_close_by_author_id": "Id of whoever closed it first: teammate, bot or customer.",
    "last_close_by_author_id": "Id of whoever closed it last: teammate, bot or customer.",
    "first_contact_author_id": "Id of the customer who wrote the first of its parts.",
    "last_contact_author_id": "Id of the customer who wrote the last of its parts.",
    "first_team_id": "Id of the team that it was assigned to first.",
    "last_team_id": "Id of the team that it was assigned to last.",
    "first_team_name": "Name of the team that it was assigned to first.",
    "last_team_name": "Name of the team that it was assigned to last.",
    "all_contact_company_names": "Names of the companies of first_contact_author_id.",
    "all_conversation_admins": "Ids of the teammates who wrote or acted in it.",
    "all_conversation_contacts": "Ids of the customers who wrote or acted in it (dbt_intercom: "
    "missing if no teammate did).",
}
_METRICS = {
    "count_reopens": "Parts of type open.",
    "count_total_parts": "All parts; the API returns at most 500.",
    "count_assignments": "Parts whose type contains assignment.",
    "first_contact_reply_at": "Time of the customer's first comment after the first message.",
    "first_assignment_at": "Time of the first assignment.",
    "time_to_first_assignment_minutes": "Minutes from creation to the first assignment, all hours.",
    "first_admin_response_at": "Time of the first comment or assignment with a text by a teammate.",
    "time_to_first_response_minutes": "Minutes from creation to the first response, all hours.",
    "time_to_admin_first_close_minutes": "Minutes from first_contact_reply_at to "
    "first_admin_close_at, all hours.",
    "time_to_first_close_minutes": "Minutes from first_contact_reply_at to first_close_at, all "
    "hours.",
    "first_reopen_at": "Time of the first part of type open.",
    "last_assignment_at": "Time of the last assignment.",
    "time_to_last_assignment_minutes": "Minutes from creation to the last assignment, all hours.",
    "last_contact_reply_at": "Time of the customer's last comment.",
    "last_admin_response_at": "Time of the last comment or assignment with a text by a teammate.",
    "last_reopen_at": "Time of the last part of type open.",
    "time_to_admin_last_close_minutes": "Minutes from first_contact_reply_at to "
    "last_admin_close_at, all hours.",
    "time_to_last_close_minutes": "Minutes from first_contact_reply_at to last_close_at, all "
    "hours.",
}
_COMPANY = {
    "company_id": "Intercom's id of the company.",
    "company_name": "Name.",
    "website": "Website.",
    "industry": "Industry.",
    "created_at": "When it was created in Intercom.",
    "updated_at": "When it was last updated.",
    "user_count": "Number of its users.",
    "session_count": "Number of sessions.",
    "monthly_spend": "Revenue a month.",
    "plan_id": "Id of its plan.",
    "plan_name": "Name of its plan.",
    "all_company_tags": "Names of its tags, separated by comma and space.",
}
_TOTALS = {
    "total_conversations_closed": "Number of these conversations that are closed now.",
    "average_conversation_parts": "Mean of count_total_parts.",
    "average_conversation_rating": "Mean rating, 1 to 5.",
    "median_conversations_reopened": "Median of count_reopens.",
    "median_conversation_assignments": "Median of count_assignments.",
    "median_time_to_first_response_time_minutes": "Median of time_to_first_response_minutes.",
    "median_time_to_last_close_minutes": "Median of time_to_last_close_minutes.",
}
_AGGREGATES = """
    count(*) filter (where conversation_state = 'closed') as total_conversations_closed,
    round(avg(count_total_parts), 2) as average_conversation_parts,
    avg(conversation_rating) as average_conversation_rating,
    median(count_reopens)::double as median_conversations_reopened,
    median(count_assignments)::double as median_conversation_assignments,
    round(median(time_to_first_response_minutes), 2) as median_time_to_first_response_time_minutes,
    round(median(time_to_last_close_minutes), 2) as median_time_to_last_close_minutes
"""
# Parts of the same second: the smaller id first.
_WHEN = "(created_at, length(id), id)"
_CLOSE = "part_type = 'close'"
_ADMIN_CLOSE = "part_type = 'close' and author_type = 'admin'"
_CONTACT = "author_type in ('user', 'lead')"
_TO_TEAM = "assigned_to_type = 'team'"
_COMMENT = f"part_type = 'comment' and {_CONTACT}"
_ASSIGNMENT = "contains(part_type, 'assignment')"
_RESPONSE = "part_type in ('comment', 'assignment') and author_type = 'admin' and body is not null"


def _ends(column: str, condition: str, first: str, last: str) -> str:
    """Return the first and the last value of a column among the parts of a kind."""
    return (
        f"arg_min({column}, {_WHEN}) filter ({condition}) as {first}, "
        f"arg_max({column}, {_WHEN}) filter ({condition}) as {last}"
    )


def _minutes(start: str, end: str) -> str:
    return f"round((epoch({end}) - epoch({start})) / 60, 2)"


_ENHANCED_SQL = f"""
with part_facts as (
    select conversation_id,
        {_ends("created_at", _CLOSE, "first_close_at", "last_close_at")},
        {_ends("created_at", _ADMIN_CLOSE, "first_admin_close_at", "last_admin_close_at")},
        {_ends("author_id", _ADMIN_CLOSE, "first_close_by_admin_id", "last_close_by_admin_id")},
        {_ends("author_id", _CLOSE, "first_close_by_author_id", "last_close_by_author_id")},
        {_ends("author_id", _CONTACT, "first_contact_author_id", "last_contact_author_id")},
        {_ends("assigned_to_id", _TO_TEAM, "first_team_id", "last_team_id")},
        string_agg(distinct author_id, ', ' order by author_id)
            filter (author_type = 'admin') as all_conversation_admins,
        string_agg(distinct author_id, ', ' order by author_id)
            filter ({_CONTACT}) as all_conversation_contacts
    from conversation_parts group by conversation_id
), tag_names as (
    select conversation_id, string_agg(distinct name, ', ' order by name) as all_conversation_tags
    from conversation_tags group by conversation_id
), company_names as (
    select contact_id, string_agg(distinct name, ', ' order by name) as all_contact_company_names
    from contact_companies join companies on companies.id = contact_companies.id
    group by contact_id
)
select
    c.id as conversation_id,
    c.created_at as conversation_created_at,
    c.updated_at as conversation_last_updated_at,
    source_type as conversation_type,
    source_delivered_as as conversation_initiated_type,
    source_subject as conversation_subject,
    coalesce(nullif(admin_assignee_id, '0'), nullif(team_assignee_id, '0'))
        as conversation_assignee_id,
    case when nullif(admin_assignee_id, '0') is not null then 'admin'
        when nullif(team_assignee_id, '0') is not null then 'team'
        else 'unassigned' end as conversation_assignee_type,
    source_author_type as conversation_author_type,
    state as conversation_state,
    "read" as is_read,
    waiting_since, snoozed_until,
    sla_applied_sla_name as sla_name,
    sla_applied_sla_status as sla_status,
    conversation_rating_rating as conversation_rating,
    conversation_rating_remark as conversation_remark,
    nullif(admin_assignee_id, '0') is not null as is_assignee_admin,
    first_close_at, last_close_at, first_admin_close_at, last_admin_close_at,
    all_conversation_tags,
    first_close_by_admin_id, last_close_by_admin_id,
    first_close_by_author_id, last_close_by_author_id,
    first_contact_author_id, last_contact_author_id,
    first_team_id, last_team_id,
    first_team.name as first_team_name, last_team.name as last_team_name,
    all_contact_company_names, all_conversation_admins, all_conversation_contacts
from conversations c
left join part_facts p on p.conversation_id = c.id
left join tag_names on tag_names.conversation_id = c.id
left join company_names on company_names.contact_id = p.first_contact_author_id
left join teams first_team on first_team.id = p.first_team_id
left join teams last_team on last_team.id = p.last_team_id
"""

_METRICS_SQL = f"""
with part_facts as (
    select conversation_id,
        count(*) filter (part_type = 'open') as count_reopens,
        count(*) as count_total_parts,
        count(*) filter ({_ASSIGNMENT}) as count_assignments,
        min(created_at) filter ({_COMMENT}) as first_contact_reply_at,
        max(created_at) filter ({_COMMENT}) as last_contact_reply_at,
        min(created_at) filter ({_ASSIGNMENT}) as first_assignment_at,
        max(created_at) filter ({_ASSIGNMENT}) as last_assignment_at,
        min(created_at) filter ({_RESPONSE}) as first_admin_response_at,
        max(created_at) filter ({_RESPONSE}) as last_admin_response_at,
        min(created_at) filter (part_type = 'open') as first_reopen_at,
        max(created_at) filter (part_type = 'open') as last_reopen_at
    from conversation_parts group by conversation_id
)
select e.*,
    coalesce(count_reopens, 0) as count_reopens,
    coalesce(count_total_parts, 0) as count_total_parts,
    coalesce(count_assignments, 0) as count_assignments,
    first_contact_reply_at,
    first_assignment_at,
    {_minutes("conversation_created_at", "first_assignment_at")}
        as time_to_first_assignment_minutes,
    first_admin_response_at,
    {_minutes("conversation_created_at", "first_admin_response_at")}
        as time_to_first_response_minutes,
    {_minutes("first_contact_reply_at", "first_admin_close_at")}
        as time_to_admin_first_close_minutes,
    {_minutes("first_contact_reply_at", "first_close_at")} as time_to_first_close_minutes,
    first_reopen_at,
    last_assignment_at,
    {_minutes("conversation_created_at", "last_assignment_at")} as time_to_last_assignment_minutes,
    last_contact_reply_at,
    last_admin_response_at,
    last_reopen_at,
    {_minutes("first_contact_reply_at", "last_admin_close_at")}
        as time_to_admin_last_close_minutes,
    {_minutes("first_contact_reply_at", "last_close_at")} as time_to_last_close_minutes
from intercom__conversation_enhanced e
left join part_facts on part_facts.conversation_id = e.conversation_id
"""

_CONTACT_SQL = """
with tag_names as (
    select contact_id, string_agg(distinct name, ', ' order by name) as all_contact_tags
    from contact_tags join tags on tags.id = contact_tags.id group by contact_id
), company_names as (
    select contact_id, string_agg(distinct name, ', ' order by name) as all_contact_company_names
    from contact_companies join companies on companies.id = contact_companies.id
    group by contact_id
)
select
    c.id as contact_id, owner_id as admin_id, created_at, updated_at, signed_up_at,
    name as contact_name, role as contact_role, email as contact_email,
    last_replied_at, last_email_clicked_at, last_email_opened_at, last_contacted_at,
    unsubscribed_from_emails as is_unsubscribed_from_emails,
    all_contact_tags, all_contact_company_names
from contacts c
left join tag_names on tag_names.contact_id = c.id
left join company_names on company_names.contact_id = c.id
"""

_COMPANY_SQL = """
with tag_names as (
    select company_id, string_agg(distinct name, ', ' order by name) as all_company_tags
    from company_tags group by company_id
)
select
    id as company_id, name as company_name, website, industry, created_at, updated_at,
    user_count, session_count, monthly_spend, plan_id, plan_name, all_company_tags
from companies
left join tag_names on tag_names.company_id = companies.id
"""

_COMPANY_METRICS_SQL = f"""
with totals as (
    select contact_companies.id as of_company, {_AGGREGATES}
    from intercom__conversation_metrics m
    join contact_companies on contact_companies.contact_id = m.first_contact_author_id
    group by contact_companies.id
)
select c.*, totals.* exclude (of_company, median_conversation_assignments)
from intercom__company_enhanced c
left join totals on of_company = c.company_id
"""

_ADMIN_SQL = f"""
with totals as (
    select last_close_by_admin_id as of_admin, {_AGGREGATES}
    from intercom__conversation_metrics
    where is_assignee_admin group by last_close_by_admin_id
), members as (
    select distinct unnest(admin_ids) as member_id, id as team_id, name as team_name from teams
)
select admins.id as admin_id, admins.name as admin_name, team_id, team_name, job_title,
    totals.* exclude (of_admin)
from admins
left join totals on of_admin = admins.id
left join members on member_id = admins.id
"""

_ARTICLE_SQL = """
select
    a.id as article_id, title as article_title, a.description as article_description,
    body as article_body, a.url as article_url, type as article_type, state as article_state,
    default_locale, workspace_id,
    statistics_views, statistics_conversations, statistics_reactions,
    statistics_happy_reaction_percentage, statistics_neutral_reaction_percentage,
    statistics_sad_reaction_percentage,
    case when parent_type = 'collection' then a.parent_id end as collection_id,
    k.name as collection_name, k.description as collection_description, k.url as collection_url,
    k.icon as collection_icon, k."order" as collection_display_order,
    k.parent_id as parent_collection_id, p.name as parent_collection_name,
    p.url as parent_collection_url,
    author_id, admins.name as author_name, job_title as author_job_title,
    k.help_center_id, display_name as help_center_name, identifier as help_center_identifier,
    website_turned_on as is_help_center_website_enabled,
    created_at as article_created_at, updated_at as article_updated_at,
    coalesce(state = 'published', false) as is_published,
    k.parent_id is not null as is_in_nested_section
from articles a
left join help_center_collections k on k.id = a.parent_id and parent_type = 'collection'
left join help_center_collections p on p.id = k.parent_id
left join admins on admins.id = author_id
left join help_centers on help_centers.id = k.help_center_id
"""

_OF_CONVERSATIONS = (
    "conversations", "conversation_parts", "conversation_tags", "contact_companies", "companies",
    "teams",
)  # fmt: skip

MODELS: dict[str, EndModel] = {
    "intercom__conversation_enhanced": EndModel(
        "one conversation",
        ("conversations",),
        _OF_CONVERSATIONS,
        _CONVERSATION,
        _ENHANCED_SQL,
    ),
    "intercom__conversation_metrics": EndModel(
        "one conversation, with the columns of intercom__conversation_enhanced first",
        ("conversations", "conversation_parts"),
        ("intercom__conversation_enhanced", "conversation_parts"),
        _CONVERSATION | _METRICS,
        _METRICS_SQL,
    ),
    "intercom__contact_enhanced": EndModel(
        "one contact",
        ("contacts",),
        ("contacts", "contact_tags", "tags", "contact_companies", "companies"),
        {
            "contact_id": "Intercom's id of the contact.",
            "admin_id": "Id of the teammate who owns the contact.",
            "created_at": "When it was created in Intercom.",
            "updated_at": "When it was last updated.",
            "signed_up_at": "When the contact signed up.",
            "contact_name": "Name.",
            "contact_role": "user or lead.",
            "contact_email": "E-mail address.",
            "last_replied_at": "When the contact last replied.",
            "last_email_clicked_at": "When the contact last clicked a link in an email.",
            "last_email_opened_at": "When the contact last opened an email.",
            "last_contacted_at": "When the contact was last contacted.",
            "is_unsubscribed_from_emails": "Whether the contact unsubscribed from emails.",
            "all_contact_tags": "Names of its tags, separated by comma and space.",
            "all_contact_company_names": "Names of its companies, separated by comma and space.",
        },
        _CONTACT_SQL,
    ),
    "intercom__company_enhanced": EndModel(
        "one company", ("companies",), ("companies", "company_tags"), _COMPANY, _COMPANY_SQL
    ),
    "intercom__company_metrics": EndModel(
        "one company, with the conversations whose first_contact_author_id belongs to it",
        ("companies", "contact_companies", "conversations", "conversation_parts"),
        (
            "intercom__company_enhanced",
            "intercom__conversation_metrics",
            "contact_companies",
        ),
        _COMPANY | {n: d for n, d in _TOTALS.items() if n != "median_conversation_assignments"},
        _COMPANY_METRICS_SQL,
    ),
    "intercom__admin_metrics": EndModel(
        "one teammate and team, with the conversations that the teammate closed last and that are "
        "assigned to a teammate; the numbers are the same for each team",
        ("admins", "conversations", "conversation_parts"),
        ("admins", "intercom__conversation_metrics", "teams"),
        {
            "admin_id": "Id of the teammate.",
            "admin_name": "Name of the teammate.",
            "team_id": "Id of a team of the teammate; missing without a team.",
            "team_name": "Name of that team.",
            "job_title": "Job title.",
            **_TOTALS,
        },
        _ADMIN_SQL,
    ),
    "intercom__article_enhanced": EndModel(
        "one article",
        ("articles",),
        ("articles", "help_center_collections", "admins", "help_centers"),
        {
            "article_id": "Id of the article.",
            "article_title": "Title.",
            "article_description": "Description.",
            "article_body": "Text, as HTML.",
            "article_url": "Address in the help center.",
            "article_type": "Type of the record: article.",
            "article_state": "published or draft.",
            "default_locale": "Default language.",
            "workspace_id": "Id of the workspace.",
            "statistics_views": "Number of views.",
            "statistics_conversations": "Number of conversations that began from it.",
            "statistics_reactions": "Number of reactions.",
            "statistics_happy_reaction_percentage": "Share of happy reactions, in percent.",
            "statistics_neutral_reaction_percentage": "Share of neutral reactions, in percent.",
            "statistics_sad_reaction_percentage": "Share of sad reactions, in percent.",
            "collection_id": "Id of its collection.",
            "collection_name": "Name of its collection.",
            "collection_description": "Description of its collection.",
            "collection_url": "Address of its collection.",
            "collection_icon": "Icon of its collection.",
            "collection_display_order": "Position of its collection among the others.",
            "parent_collection_id": "Id of the collection that its collection is part of.",
            "parent_collection_name": "Name of that collection.",
            "parent_collection_url": "Address of that collection.",
            "author_id": "Id of the teammate who wrote it.",
            "author_name": "Name of the author.",
            "author_job_title": "Job title of the author.",
            "help_center_id": "Id of the help center.",
            "help_center_name": "Name of the help center.",
            "help_center_identifier": "Identifier of the help center in addresses.",
            "is_help_center_website_enabled": "Whether the website of the help center is on.",
            "article_created_at": "When it was created.",
            "article_updated_at": "When it was last updated.",
            "is_published": "Whether its state is published.",
            "is_in_nested_section": "Whether its collection is part of another one.",
        },
        _ARTICLE_SQL,
    ),
}
