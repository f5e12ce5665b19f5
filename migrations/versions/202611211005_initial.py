"""The tables of people, events, bookings, mail and calendars."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = "audit lines are only ever added"


def protect_audit_lines() -> None:
    """The database itself refuses to change or delete a line of the audit log."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_lines_no_{verb.lower()} BEFORE {verb} ON audit_lines "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR DELETE ON audit_lines "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )


def upgrade() -> None:
    op.create_table('audit_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=120), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_lines'))
    )
    with op.batch_alter_table('audit_lines', schema=None) as batch_op:
        batch_op.create_index('ix_audit_lines_at', ['at'], unique=False)
        batch_op.create_index('ix_audit_lines_subject', ['subject'], unique=False)

    op.create_table('job_states',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('holder', sa.String(length=60), nullable=False),
    sa.Column('leased_until', sa.DateTime(), nullable=True),
    sa.Column('last_run_at', sa.DateTime(), nullable=True),
    sa.Column('next_run_at', sa.DateTime(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job_states'))
    )
    op.create_table('outbox_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('message', sa.String(length=80), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('to_name', sa.String(length=120), nullable=False),
    sa.Column('to_email', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.Enum('queued', 'sent', 'dead', name='mailstate', native_enum=False, length=32), nullable=False),
    sa.Column('queued_at', sa.DateTime(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(), nullable=False),
    sa.Column('retry_until', sa.DateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', sa.DateTime(), nullable=True),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_messages')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_messages_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_messages_message_id'))
    )
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_messages_about'), ['about'], unique=False)
        batch_op.create_index('ix_outbox_messages_due', ['next_attempt_at'], unique=False, sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.create_index('ix_outbox_messages_state_id', ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_messages_to_email'), ['to_email'], unique=False)

    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('organisation', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('email_confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('registered_at', sa.DateTime(), nullable=True),
    sa.Column('disabled_at', sa.DateTime(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_set_at', sa.DateTime(), nullable=True),
    sa.Column('invitations', sa.Boolean(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('email', name=op.f('uq_people_email')),
    sa.UniqueConstraint('key', name=op.f('uq_people_key'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index('ix_people_name_id', ['name', 'id'], unique=False)

    op.create_table('revisions',
    sa.Column('scope', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('raised_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_revisions'))
    )
    op.create_table('sign_in_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('tries_left', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_codes'))
    )
    with op.batch_alter_table('sign_in_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_codes_browser_hash'), ['browser_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_codes_email'), ['email'], unique=False)

    op.create_table('submissions',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=False),
    sa.Column('result', sa.String(length=500), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_submissions'))
    )
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.create_index('ix_submissions_sent_at', ['sent_at'], unique=False)

    op.create_table('tallies',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_tallies'))
    )
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tallies_ends_at'), ['ends_at'], unique=False)

    op.create_table('terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('circumstance', 'setting', 'youth_music_category', name='termkind', native_enum=False, length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('abbreviations', sa.JSON(), nullable=False),
    sa.Column('synonyms', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms')),
    sa.UniqueConstraint('slug', name=op.f('uq_terms_slug'))
    )
    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('kind', sa.Enum('meeting', 'training', 'conference', 'launch', 'social', name='eventkind', native_enum=False, length=32), nullable=False),
    sa.Column('audience', sa.Enum('everyone', 'members', name='audience', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('draft', 'published', 'cancelled', name='eventstatus', native_enum=False, length=32), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', name='mode', native_enum=False, length=32), nullable=True),
    sa.Column('theme', sa.Enum('inclusion', 'workforce', 'progression', 'evidence', 'partnership', name='theme', native_enum=False, length=32), nullable=True),
    sa.Column('art', sa.Enum('routes', 'chaos', 'meet', 'calm', name='art', native_enum=False, length=32), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('hosts', sa.String(length=200), nullable=True),
    sa.Column('partners', sa.String(length=300), nullable=True),
    sa.Column('who_for', sa.String(length=300), nullable=True),
    sa.Column('cost', sa.String(length=200), nullable=True),
    sa.Column('access_facts', sa.JSON(), nullable=False),
    sa.Column('access_contact_name', sa.String(length=120), nullable=True),
    sa.Column('access_contact_email', sa.String(length=254), nullable=True),
    sa.Column('booked_as', sa.Enum('whole', 'by_session', name='bookedas', native_enum=False, length=32), nullable=False),
    sa.Column('booking_opens_at', sa.DateTime(), nullable=True),
    sa.Column('booking_closes_at', sa.DateTime(), nullable=True),
    sa.Column('change_until_hours', sa.Integer(), nullable=False),
    sa.Column('has_waiting_list', sa.Boolean(), nullable=False),
    sa.Column('offer_hours', sa.Integer(), nullable=False),
    sa.Column('reminder_hour', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('is_record', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(), nullable=True),
    sa.Column('cancel_reason', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('offer_hours BETWEEN 1 AND 336', name=op.f('ck_events_offer_hours')),
    sa.CheckConstraint('reminder_hour BETWEEN 0 AND 23', name=op.f('ck_events_reminder_hour')),
    sa.ForeignKeyConstraint(['organiser_id'], ['people.id'], name=op.f('fk_events_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('key', name=op.f('uq_events_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_events_slug'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_status', ['status'], unique=False)

    op.create_table('feed_tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('last_fetched_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_feed_tokens_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_tokens')),
    sa.UniqueConstraint('key', name=op.f('uq_feed_tokens_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_feed_tokens_token_hash'))
    )
    with op.batch_alter_table('feed_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_tokens_person_id'), ['person_id'], unique=False)

    op.create_table('memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('granted_at', sa.DateTime(), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['granted_by_id'], ['people.id'], name=op.f('fk_memberships_granted_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_memberships_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memberships_person_id'), ['person_id'], unique=False)

    op.create_table('one_time_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_one_time_links_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_links_token_hash'))
    )
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_links_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_one_time_links_open', ['person_id', 'purpose'], unique=True, sqlite_where=sa.text('used_at IS NULL'), postgresql_where=sa.text('used_at IS NULL'))

    op.create_table('role_grants',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('coordinator', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('granted_at', sa.DateTime(), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['granted_by_id'], ['people.id'], name=op.f('fk_role_grants_granted_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_role_grants_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'role', name=op.f('pk_role_grants'))
    )
    op.create_table('sign_ins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_used_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_ins_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins')),
    sa.UniqueConstraint('key', name=op.f('uq_sign_ins_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_ins_token_hash'))
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ins_person_id'), ['person_id'], unique=False)

    op.create_table('bookings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Enum('member', 'guest', 'coordinator', name='bookingsource', native_enum=False, length=32), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('booked_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_bookings_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_bookings_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bookings')),
    sa.UniqueConstraint('reference', name=op.f('uq_bookings_reference'))
    )
    with op.batch_alter_table('bookings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bookings_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bookings_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_bookings_live', ['event_id', 'person_id'], unique=True, sqlite_where=sa.text('live = 1'), postgresql_where=sa.text('live'))

    op.create_table('event_former_slugs',
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_former_slugs_event_id')),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_event_former_slugs'))
    )
    with op.batch_alter_table('event_former_slugs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_former_slugs_event_id'), ['event_id'], unique=False)

    op.create_table('event_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=True),
    sa.Column('join_link', sa.String(length=500), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('status', sa.Enum('scheduled', 'cancelled', name='sessionstatus', native_enum=False, length=32), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(), nullable=True),
    sa.Column('cancel_reason', sa.String(length=500), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('revised_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_event_sessions_ends_after_start')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_sessions_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_sessions')),
    sa.UniqueConstraint('key', name=op.f('uq_event_sessions_key'))
    )
    with op.batch_alter_table('event_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_sessions_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_event_sessions_starts_at', ['starts_at'], unique=False)

    op.create_table('event_terms',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_terms_event_id')),
    sa.ForeignKeyConstraint(['term_id'], ['terms.id'], name=op.f('fk_event_terms_term_id')),
    sa.PrimaryKeyConstraint('event_id', 'term_id', name=op.f('pk_event_terms'))
    )
    with op.batch_alter_table('event_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_terms_term_id'), ['term_id'], unique=False)

    op.create_table('access_needs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('consent_version', sa.String(length=20), nullable=False),
    sa.Column('consented_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.Enum('new', 'answered', name='needstate', native_enum=False, length=32), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_access_needs_booking_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_access_needs_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_access_needs_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_needs')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_access_needs_booking_id')),
    sa.UniqueConstraint('key', name=op.f('uq_access_needs_key'))
    )
    with op.batch_alter_table('access_needs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_needs_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_needs_person_id'), ['person_id'], unique=False)

    op.create_table('attendees',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_attendees_booking_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_attendees_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendees'))
    )
    with op.batch_alter_table('attendees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendees_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendees_person_id'), ['person_id'], unique=False)

    op.create_table('booking_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_booking_entries_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_entries'))
    )
    with op.batch_alter_table('booking_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booking_entries_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_entries_booking_id'), ['booking_id'], unique=False)

    op.create_table('event_segments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['event_sessions.id'], name=op.f('fk_event_segments_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_segments'))
    )
    with op.batch_alter_table('event_segments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_segments_session_id'), ['session_id'], unique=False)

    op.create_table('pools',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', name='mode', native_enum=False, length=32), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('kept_back', sa.Integer(), nullable=False),
    sa.Column('over_booking', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_pools_capacity_not_negative')),
    sa.CheckConstraint('capacity IS NULL OR taken <= capacity + over_booking', name=op.f('ck_pools_never_oversold')),
    sa.CheckConstraint('kept_back >= 0 AND over_booking >= 0', name=op.f('ck_pools_margins_not_negative')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_pools_taken_not_negative')),
    sa.ForeignKeyConstraint(['session_id'], ['event_sessions.id'], name=op.f('fk_pools_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pools')),
    sa.UniqueConstraint('session_id', 'mode', name=op.f('uq_pools_session_id_mode'))
    )
    op.create_table('sent_invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sent_invitations_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['event_sessions.id'], name=op.f('fk_sent_invitations_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sent_invitations')),
    sa.UniqueConstraint('session_id', 'person_id', name=op.f('uq_sent_invitations_session_id_person_id'))
    )
    with op.batch_alter_table('sent_invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sent_invitations_person_id'), ['person_id'], unique=False)

    op.create_table('places',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('pool_id', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', name='mode', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'offered', 'confirmed', 'cancelled', 'lapsed', name='placestate', native_enum=False, length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('waiting_since', sa.DateTime(), nullable=True),
    sa.Column('offered_at', sa.DateTime(), nullable=True),
    sa.Column('offer_ends_at', sa.DateTime(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('end_reason', sa.Enum('by_person', 'by_coordinator', 'session_cancelled', 'offer_refused', 'offer_ended', 'session_started', name='endreason', native_enum=False, length=32), nullable=True),
    sa.Column('reminded_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendees.id'], name=op.f('fk_places_attendee_id')),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_places_booking_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_places_person_id')),
    sa.ForeignKeyConstraint(['pool_id'], ['pools.id'], name=op.f('fk_places_pool_id')),
    sa.ForeignKeyConstraint(['session_id'], ['event_sessions.id'], name=op.f('fk_places_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_places'))
    )
    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_places_attendee_id'), ['attendee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_places_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index('ix_places_offer_ends_at', ['offer_ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_places_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_places_pool_state', ['pool_id', 'state', 'waiting_since', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_places_session_id'), ['session_id'], unique=False)
        batch_op.create_index('uq_places_live', ['session_id', 'attendee_id'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"))
        batch_op.create_index('uq_places_live_person', ['session_id', 'person_id'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"))

    protect_audit_lines()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_lines_append_only ON audit_lines")
        op.execute("DROP FUNCTION refuse_audit_change()")
    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.drop_index('uq_places_live_person', sqlite_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"))
        batch_op.drop_index('uq_places_live', sqlite_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'offered', 'confirmed')"))
        batch_op.drop_index(batch_op.f('ix_places_session_id'))
        batch_op.drop_index('ix_places_pool_state')
        batch_op.drop_index(batch_op.f('ix_places_person_id'))
        batch_op.drop_index('ix_places_offer_ends_at')
        batch_op.drop_index(batch_op.f('ix_places_booking_id'))
        batch_op.drop_index(batch_op.f('ix_places_attendee_id'))

    op.drop_table('places')
    with op.batch_alter_table('sent_invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sent_invitations_person_id'))

    op.drop_table('sent_invitations')
    op.drop_table('pools')
    with op.batch_alter_table('event_segments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_segments_session_id'))

    op.drop_table('event_segments')
    with op.batch_alter_table('booking_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_booking_entries_booking_id'))
        batch_op.drop_index(batch_op.f('ix_booking_entries_at'))

    op.drop_table('booking_entries')
    with op.batch_alter_table('attendees', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendees_person_id'))
        batch_op.drop_index(batch_op.f('ix_attendees_booking_id'))

    op.drop_table('attendees')
    with op.batch_alter_table('access_needs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_needs_person_id'))
        batch_op.drop_index(batch_op.f('ix_access_needs_event_id'))

    op.drop_table('access_needs')
    with op.batch_alter_table('event_terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_terms_term_id'))

    op.drop_table('event_terms')
    with op.batch_alter_table('event_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_event_sessions_starts_at')
        batch_op.drop_index(batch_op.f('ix_event_sessions_event_id'))

    op.drop_table('event_sessions')
    with op.batch_alter_table('event_former_slugs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_former_slugs_event_id'))

    op.drop_table('event_former_slugs')
    with op.batch_alter_table('bookings', schema=None) as batch_op:
        batch_op.drop_index('uq_bookings_live', sqlite_where=sa.text('live = 1'), postgresql_where=sa.text('live'))
        batch_op.drop_index(batch_op.f('ix_bookings_person_id'))
        batch_op.drop_index(batch_op.f('ix_bookings_event_id'))

    op.drop_table('bookings')
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_ins_person_id'))

    op.drop_table('sign_ins')
    op.drop_table('role_grants')
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.drop_index('uq_one_time_links_open', sqlite_where=sa.text('used_at IS NULL'), postgresql_where=sa.text('used_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_one_time_links_person_id'))

    op.drop_table('one_time_links')
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_memberships_person_id'))

    op.drop_table('memberships')
    with op.batch_alter_table('feed_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_tokens_person_id'))

    op.drop_table('feed_tokens')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_status')

    op.drop_table('events')
    op.drop_table('terms')
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tallies_ends_at'))

    op.drop_table('tallies')
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_index('ix_submissions_sent_at')

    op.drop_table('submissions')
    with op.batch_alter_table('sign_in_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_codes_email'))
        batch_op.drop_index(batch_op.f('ix_sign_in_codes_browser_hash'))

    op.drop_table('sign_in_codes')
    op.drop_table('revisions')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index('ix_people_name_id')

    op.drop_table('people')
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_messages_to_email'))
        batch_op.drop_index('ix_outbox_messages_state_id')
        batch_op.drop_index('ix_outbox_messages_due', sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.drop_index(batch_op.f('ix_outbox_messages_about'))

    op.drop_table('outbox_messages')
    op.drop_table('job_states')
    with op.batch_alter_table('audit_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_lines_subject')
        batch_op.drop_index('ix_audit_lines_at')

    op.drop_table('audit_lines')
