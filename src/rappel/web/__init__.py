"""HTTP: parse, call, present. Litestar lives here."""
