"""Values for the parameters of addresses."""

from harness.cast import ADA, client
from harness.service import Service

TABLES = {
    "accountId": "client_accounts", "brandId": "brands", "groupId": "account_groups", "postId": "posts",
    "keyId": "api_keys", "guestId": "guild_guests",
}


def ids_in(service: Service, guild: str) -> dict[str, str]:
    """The first thing of each kind in a server, by the name that its id has in addresses; the sample has neither keys nor
    guests, so one of each is made."""
    tenant = client(guild)
    service.sql(f"""
        INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes)
        VALUES ({tenant}, 'A key', 'tdk_of_{tenant}', 'x', '{{posts}}') ON CONFLICT DO NOTHING""")
    # An id of no person of the cast.
    service.sql(f"""
        INSERT INTO guild_guests (client_id, user_id, level, granted_by, ends_at)
        VALUES ({tenant}, 100000000000000888, 'viewer', {ADA}, now() + interval '1 hour') ON CONFLICT DO NOTHING""")
    return {
        name: service.sql(f"SELECT min(id) FROM {table} WHERE client_id = {tenant}")[0][0]
        for name, table in TABLES.items()
    }
