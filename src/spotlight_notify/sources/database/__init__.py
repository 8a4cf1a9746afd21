"""Tables and views of somebody else's database, read by SQLAlchemy."""
