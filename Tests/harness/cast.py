"""The people and servers of the demo's sample data."""

ADA = "100000000000000001"
BOB = "100000000000000002"
CHARLIE = "100000000000000003"
DANA = "100000000000000004"

# Ada is an admin of the first four; Bob may view the first; Charlie owns the fifth; the bot is not in the sixth.
NORTHLIGHT = "200000000000000001"
CASA_VERDE = "200000000000000002"
TINY_LANTERN = "200000000000000003"
RETRO_PIXEL = "200000000000000004"
HARBOR = "200000000000000005"
BOOK_CIRCLE = "200000000000000006"

ADAS = [NORTHLIGHT, CASA_VERDE, TINY_LANTERN, RETRO_PIXEL]


def client(guild: str) -> int:
    """The id of the tenant whose server that is."""
    return int(guild) - 200000000000000000
