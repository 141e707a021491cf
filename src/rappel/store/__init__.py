"""Frames to tables: SQLAlchemy lives here, and every query takes the viewer first."""
