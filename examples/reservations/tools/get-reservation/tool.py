from datetime import date

# Stands for the booking system. A real tool would ask it over the network.
RESERVATIONS = {
    "res_123": {
        "guest": "Ada Lovelace",
        "room": "Garden room",
        "check_in": "2027-04-05",
        "check_out": "2027-04-09",
        "nightly_rate": 145.0,
        "currency": "EUR",
        "policy": "moderate",
        "status": "confirmed",
    },
    "res_124": {
        "guest": "Charles Babbage",
        "room": "Engine room",
        "check_in": "2027-06-21",
        "check_out": "2027-06-22",
        "nightly_rate": 99.5,
        "currency": "EUR",
        "policy": "strict",
        "status": "cancelled",
    },
}


def main(**params):
    reservation_id = params["reservation_id"]
    print(f"looking {reservation_id} up among {len(RESERVATIONS)} reservations")
    reservation = RESERVATIONS.get(reservation_id)
    if reservation is None:
        return {"message": f"There is no reservation {reservation_id}.", "rawData": None}
    check_in = date.fromisoformat(reservation["check_in"])
    check_out = date.fromisoformat(reservation["check_out"])
    nights = (check_out - check_in).days
    message = (
        f"Reservation {reservation_id} of {reservation['guest']} is {reservation['status']}: "
        f"{reservation['room']}, {check_in:%A} {check_in} to {check_out:%A} {check_out}, "
        f"{nights} night{'' if nights == 1 else 's'}."
    )
    return {"message": message, "rawData": {**reservation, "nights": nights}}
