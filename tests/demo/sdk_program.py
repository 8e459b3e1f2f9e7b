"""Program that runs every operation of airbyte-agent-sdk's connector and prints the results.

It runs in an environment that has the SDK: ``python sdk_program.py direct URL TOKEN ID SECRET``.
"""

import asyncio
import json
import sys
from typing import Any

from airbyte_agent_sdk.connectors.intercom import IntercomConnector, connector_model
from airbyte_agent_sdk.connectors.intercom.models import IntercomAuthConfig
from airbyte_agent_sdk.types import AirbyteAuthConfig


def connector(mode: str, url: str, token: str, client_id: str, secret: str) -> Any:
    if mode == "direct":
        connector_model.IntercomConnectorModel.base_url = url
        return IntercomConnector(auth_config=IntercomAuthConfig(access_token=token))
    config = AirbyteAuthConfig(
        workspace_name="demo", airbyte_client_id=client_id, airbyte_client_secret=secret
    )
    return IntercomConnector(auth_config=config)


async def main(*arguments: str) -> None:
    c = connector(*arguments)
    ran: dict[str, Any] = {}

    async def run(entity: str, action: str, **params: Any) -> Any:
        result = await c.execute(entity, action, params)
        found = plain(getattr(result, "data", result))
        ran[f"{entity}.{action}"] = found
        return found

    for entity in ("contacts", "conversations", "companies", "teams", "admins", "tags", "segments"):
        listed = await run(entity, "list")
        await run(entity, "get", id=str(listed[0]["id"]))
    admin = ran["admins.list"][0]["id"]
    person = await run("contacts", "create", role="user", email=f"{arguments[0]}@example.com")
    await run("contacts", "update", id=person["id"], name="Renamed")
    await run("notes", "create", contact_id=person["id"], body="A note", admin_id=admin)
    given = {"from": {"type": "user", "id": person["id"]}, "body": "Hello from the SDK"}
    conversation = await run("conversations", "create", **given)
    key = conversation.get("conversation_id") or conversation["id"]
    await run("conversations", "update", id=key, read=True)
    await run("conversations", "delete", id=key)
    company = await run("companies", "create", company_id=f"sdk-{arguments[0]}", name="SDK")
    await run("companies", "update", id=company["id"], plan="pro")
    await run("companies", "delete", id=company["id"])
    tag = await run("tags", "create", name=f"sdk {arguments[0]}")
    await run("tags", "delete", id=tag["id"])
    text = {
        "title": "Title",
        "body": "<p>Body</p>",
        "owner_id": int(admin),
        "author_id": int(admin),
    }
    article = await run("internal_articles", "create", **text)
    await run("internal_articles", "update", id=str(article["id"]), title="New title")
    await run("internal_articles", "delete", id=str(article["id"]))
    await run("contacts", "delete", id=person["id"])
    declared = {
        f"{entity.name}.{getattr(action, 'value', action)}"
        for entity in connector_model.IntercomConnectorModel.entities
        for action in entity.endpoints
    }
    print(json.dumps({"ran": ran, "left_out": sorted(declared - ran.keys())}))


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


asyncio.run(main(*sys.argv[1:]))
