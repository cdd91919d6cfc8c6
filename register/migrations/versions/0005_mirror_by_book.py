"""What was read is kept for each spreadsheet apart: restricted cases have one of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Everything that was read so far was read in the shared register."""
    op.execute("CREATE TABLE mirror_before AS SELECT * FROM mirror")
    op.drop_table("mirror")
    op.create_table(
        "mirror",
        sa.Column("book", sa.String(10), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("fingerprint", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("book", "ticket", name="pk_mirror"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_mirror_ticket"),
        comment="What the last tick read in staff's and intake cells, as keyed digests only.",
    )
    op.execute(
        "INSERT INTO mirror (book, ticket, fingerprint, digest, cells, seen) "
        "SELECT 'shared', ticket, fingerprint, digest, cells, seen FROM mirror_before"
    )
    op.drop_table("mirror_before")
