"""The HTTP API as one Chalice application; each resource is a blueprint of its own."""

from chalice.app import Chalice

app = Chalice(app_name="hausrecht")
app.api.binary_types = []


@app.route("/health", methods=["GET"])
def health() -> dict[str, str]:
    """Tell that the API answers."""
    return {"status": "ok"}
