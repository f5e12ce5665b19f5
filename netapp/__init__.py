"""The application factory, and nothing else."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from netapp.extensions import csrf, db
from netapp.kernel import clock
from netapp.kernel.db import prepare_engine
from netapp.kernel.site import Site
from netapp.web.templating import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings

ROOT = Path(__file__).parents[1]


def create_app(
    settings: Settings | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    commands: bool = True,
) -> Flask:
    """The application. Without settings they are read from the environment; ``overrides`` are
    Flask configuration for tests; without ``commands`` it can answer requests, and no more.
    Raises ``config.UnsafeSetting``, ``web.policy.PolicyMissing``."""
    from config import load_settings

    settings = settings or load_settings()
    app = Flask(__name__, root_path=str(ROOT), instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(settings.flask())
    app.config.from_mapping(overrides or {})
    app.extensions["settings"] = settings
    app.extensions["site"] = _site(settings)
    app.jinja_environment = Templates
    app.json.sort_keys = False  # type: ignore[attr-defined]
    logging.getLogger("netapp").setLevel(settings.log_level)
    if settings.clock_file:
        clock.read_from(Path(settings.clock_file))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    _register(app)
    if commands:
        _register_commands(app)
        _register_jobs(app)
    return app


def _site(settings: Settings) -> Site:
    return Site(
        name=settings.network_name,
        short_name=settings.network_short_name,
        base_url=settings.base_url,
        uid_domain=settings.uid_domain,
        mail_from=settings.mail_from,
        contact_email=settings.contact_email,
        zone=settings.timezone,
        secret=settings.secret_key,
        demo=settings.demo,
        needs_keep_days=settings.access_needs_keep_days,
        interest_keep_days=settings.interest_keep_days,
        answers_keep_days=settings.answers_keep_days,
        mail_keep_days=settings.mail_keep_days,
    )


def _register(app: Flask) -> None:
    """Tell Flask what the packages offer: what every answer shares, then domain by domain."""
    from netapp.audit import views as audit_views
    from netapp.desk import organisation_merge_views as desk_merge_organisations
    from netapp.desk import organisation_undo_views as desk_organisation_undo
    from netapp.desk import people_address_views as desk_people_address
    from netapp.desk import people_apart_views as desk_people_apart
    from netapp.desk import people_edit_views as desk_people_edit
    from netapp.desk import people_merge_views as desk_merge_people
    from netapp.desk import people_views as desk_people_views
    from netapp.desk import views as desk_views
    from netapp.directory import manage_views as desk_directory
    from netapp.directory import (  # noqa: F401
        message_models,
        message_views,
        profile_views,
    )
    from netapp.directory import views as directory_views
    from netapp.events import (
        access_views,
        booking_views,
        booking_ways_views,
        interest_views,
        named_views,
        party_views,
        place_needs_views,
        question_views,
    )
    from netapp.events import account_views as my_booking_views
    from netapp.events import models as event_models  # noqa: F401
    from netapp.events import views as event_views
    from netapp.events.manage_views import bookings as desk_bookings
    from netapp.events.manage_views import by_hand as desk_by_hand
    from netapp.events.manage_views import cancel_date as desk_cancel_date
    from netapp.events.manage_views import dates as desk_dates
    from netapp.events.manage_views import event_questions as desk_event_questions
    from netapp.events.manage_views import events as desk_events
    from netapp.events.manage_views import holidays as desk_holidays
    from netapp.events.manage_views import ideas as desk_ideas
    from netapp.events.manage_views import interest as desk_interest
    from netapp.events.manage_views import minimum as desk_minimum
    from netapp.events.manage_views import needs as desk_needs
    from netapp.events.manage_views import patterns as desk_patterns
    from netapp.events.manage_views import publishing as desk_publishing
    from netapp.events.manage_views import questions as desk_questions
    from netapp.events.manage_views import rules as desk_rules
    from netapp.events.manage_views import safeguarding as desk_event_safeguarding
    from netapp.events.manage_views import team as desk_team
    from netapp.events.manage_views import windows as desk_windows
    from netapp.feeds import api_views, page_views
    from netapp.feeds import group_views as group_calendar_views
    from netapp.feeds import views as feed_views
    from netapp.groups import models as group_models  # noqa: F401
    from netapp.groups import people_views as group_people_views
    from netapp.groups import views as group_list_views
    from netapp.groups.manage_views import groups as desk_groups
    from netapp.groups.manage_views import people as desk_group_people
    from netapp.imports import rows_views as import_rows_views
    from netapp.imports import views as import_views
    from netapp.jobs import models as job_models  # noqa: F401
    from netapp.kernel import limits, revisions  # noqa: F401
    from netapp.mail import manage_views as mail_views
    from netapp.mail import models as mail_models  # noqa: F401
    from netapp.meetings import (
        decision_views,
        group_views,
        leaving_views,
        meeting_views,
        paper_views,
    )
    from netapp.meetings import models as meeting_models  # noqa: F401
    from netapp.membership import (  # noqa: F401
        application_models,
        application_views,
        by_hand_views,
        invoice_by_hand_views,
        invoice_models,
        invoice_views,
        join_views,
        kind_views,
        my_views,
        network_views,
        queue_views,
        seat_account_views,
        seat_manage_views,
        seat_models,
        seat_views,
        term_models,
        term_views,
    )
    from netapp.membership import desk_views as desk_membership
    from netapp.membership import models as membership_models  # noqa: F401
    from netapp.organisations import account_views as my_workplaces
    from netapp.organisations.manage_views import people as desk_organisation_people
    from netapp.organisations.manage_views import register as desk_organisations
    from netapp.people import (
        account_views,
        again_views,
        link_views,
        passkey_views,
        second_step_views,
        security_views,
        sign_in_views,
        sign_ins,
    )
    from netapp.privacy import manage_views as desk_privacy
    from netapp.privacy import models as privacy_models  # noqa: F401
    from netapp.privacy import views as privacy_views
    from netapp.safeguarding import manage_views as desk_safeguarding
    from netapp.safeguarding import models as safeguarding_models  # noqa: F401
    from netapp.safeguarding import views as safeguarding_views
    from netapp.site import address_views, closing_views, my_page_views, still_true_views
    from netapp.site import views as site_views
    from netapp.taking_off import organisation_views as public_organisations
    from netapp.vocabulary import models as vocabulary_models  # noqa: F401
    from netapp.web import (
        bodies,
        components,
        compression,
        errors,
        filters,
        gate,
        headers,
        kept_pages,
        markdown,
        origin,
        policy,
    )

    for shared in (
        bodies,
        components,
        compression,
        errors,
        filters,
        gate,
        headers,
        kept_pages,
        markdown,
        origin,
        sign_ins,
        desk_team,
        seat_account_views,
    ):
        shared.register(app)
    app.jinja_env.globals["site"] = app.extensions["site"]

    blueprints: tuple[Any, ...] = (
        site_views.bp,
        sign_in_views.bp,
        second_step_views.bp,
        link_views.bp,
        account_views.bp,
        security_views.bp,
        passkey_views.bp,
        address_views.bp,
        privacy_views.bp,
        safeguarding_views.bp,
        desk_safeguarding.bp,
        desk_event_safeguarding.bp,
        closing_views.bp,
        my_page_views.bp,
        desk_privacy.bp,
        again_views.bp,
        profile_views.bp,
        directory_views.bp,
        message_views.bp,
        desk_directory.bp,
        join_views.bp,
        application_views.bp,
        my_views.bp,
        network_views.bp,
        still_true_views.bp,
        desk_membership.bp,
        queue_views.bp,
        term_views.bp,
        kind_views.bp,
        invoice_views.bp,
        invoice_by_hand_views.bp,
        by_hand_views.bp,
        event_views.bp,
        party_views.bp,
        named_views.bp,
        question_views.bp,
        booking_views.bp,
        booking_ways_views.bp,
        interest_views.bp,
        my_booking_views.bp,
        access_views.bp,
        place_needs_views.bp,
        desk_views.bp,
        desk_events.bp,
        desk_publishing.bp,
        desk_dates.bp,
        desk_patterns.bp,
        desk_holidays.bp,
        desk_cancel_date.bp,
        desk_rules.bp,
        desk_windows.bp,
        desk_bookings.bp,
        desk_by_hand.bp,
        desk_needs.bp,
        desk_team.bp,
        desk_interest.bp,
        desk_minimum.bp,
        desk_ideas.bp,
        desk_questions.bp,
        desk_event_questions.bp,
        group_list_views.bp,
        group_people_views.bp,
        group_views.bp,
        desk_groups.bp,
        desk_group_people.bp,
        leaving_views.bp,
        meeting_views.bp,
        paper_views.bp,
        decision_views.bp,
        group_calendar_views.bp,
        audit_views.bp,
        desk_people_views.bp,
        import_views.bp,
        import_rows_views.bp,
        desk_people_address.bp,
        desk_merge_people.bp,
        desk_people_apart.bp,
        desk_people_edit.bp,
        public_organisations.bp,
        desk_organisations.bp,
        desk_organisation_people.bp,
        desk_merge_organisations.bp,
        desk_organisation_undo.bp,
        my_workplaces.bp,
        seat_views.bp,
        seat_account_views.bp,
        seat_manage_views.bp,
        mail_views.bp,
        feed_views.bp,
        page_views.bp,
        api_views.bp,
    )
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    policy.require_policies(app)


def _register_commands(app: Flask) -> None:
    """What can be asked for by `flask --app wsgi`. With the schema's tools and the demo it is 20 MB
    that a web server never uses."""
    from netapp.demo import cli as demo_cli
    from netapp.imports import cli as import_cli
    from netapp.jobs import cli as job_cli
    from netapp.mail import cli as mail_cli
    from netapp.people import cli as people_cli
    from netapp.site import cli as site_cli
    from netapp.site import schema

    schema.migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    app.cli.add_command(people_cli.group)
    app.cli.add_command(import_cli.group)
    for each in (site_cli, demo_cli, job_cli, mail_cli):
        each.register(app)


def _register_jobs(app: Flask) -> None:
    """What the worker does again and again: each domain adds its own."""
    from netapp.directory import jobs as directory_jobs
    from netapp.events import jobs as event_jobs
    from netapp.groups import jobs as group_jobs
    from netapp.imports import jobs as import_jobs
    from netapp.jobs import upkeep
    from netapp.jobs.registry import Registry
    from netapp.mail import jobs as mail_jobs
    from netapp.membership import jobs as membership_jobs
    from netapp.people import jobs as people_jobs
    from netapp.privacy import jobs as privacy_jobs
    from netapp.safeguarding import jobs as safeguarding_jobs
    from netapp.workflows import jobs as workflow_jobs

    jobs = app.extensions["jobs"] = Registry()
    mail_jobs.register(jobs, mail_jobs.transport_for(app.extensions["settings"]))
    event_jobs.register(jobs)
    membership_jobs.register(jobs)
    group_jobs.register(jobs)
    import_jobs.register(jobs)
    people_jobs.register(jobs)
    directory_jobs.register(jobs)
    privacy_jobs.register(jobs)
    safeguarding_jobs.register(jobs)
    workflow_jobs.register(jobs)
    upkeep.register(jobs)
