"""What we understand of a list of projects, and the words people put above it."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Looks = Literal[
    "name", "text", "group", "people", "prose", "date", "money", "number", "kind", "phase", "status"
]


class Field(NamedTuple):
    words: tuple[str, ...]  # as they stand in headers, the surest first
    means: str
    looks: Looks  # what its cells are like


def _words(told: str) -> tuple[str, ...]:
    return tuple(" ".join(words.split()) for words in told.split(","))


FIELDS: Mapping[str, Field] = {
    "initiative": Field(
        _words(
            "initiative, initiative name, project name, project title, project, programme name,"
            "program name, programme, program, projektname, projekt, projekttitel, vorhaben,"
            "nom du projet, projet, application name, application, anwendung, system name, system,"
            "tool name, tool, app name, app, software, product name, product, service name,"
            "service, solution, logiciel, outil, asset, workstream, title, titel, titre, name,"
            "bezeichnung, nom"
        ),
        "the name of the project or tool; the only one that must be there",
        "name",
    ),
    "kind": Field(
        _words("kind, type, project type, record type, art, typ, projektart, nature"),
        "whether it is a project or a tool",
        "kind",
    ),
    "priority": Field(
        _words(
            "business priority, priority, strategic priority, strategic goal, strategic objective,"
            "business objective, business goal, corporate objective, strategic theme,"
            "strategic pillar, objective, goal, outcome, theme, pillar, strategy, okr,"
            "strategisches ziel, unternehmensziel, geschäftsziel, ziel, strategie,"
            "objectif stratégique, objectif, priorité, value stream, driver, portfolio, category,"
            "kategorie, catégorie"
        ),
        "the business priority it serves",
        "group",
    ),
    "capability": Field(
        _words(
            "capability, business capability, capability name, business function, function,"
            "business process, process, fähigkeit, geschäftsfähigkeit, prozess, capacité"
        ),
        "what the business must be able to do",
        "text",
    ),
    "owner": Field(
        _words(
            "owner, business owner, project owner, owner name, accountable, responsible,"
            "project manager, programme manager, program manager, manager, product owner,"
            "application owner, system owner, project lead, lead, sponsor, project sponsor,"
            "executive sponsor, sponsor name, sro, senior responsible owner, pm, contact, it owner,"
            "verantwortlich, verantwortlicher, projektleiter, projektleitung, leiter, eigentümer,"
            "responsable, chef de projet, propriétaire, assigned to, assignee"
        ),
        "the one person who answers for it",
        "people",
    ),
    "area": Field(
        _words(
            "department, business unit, dept, area, business area, division, bu, unit, directorate,"
            "department name, organisation, organization, team, line of business, lob, abteilung,"
            "bereich, geschäftsbereich, fachbereich, département, service métier, direction"
        ),
        "the department or business unit it belongs to",
        "group",
    ),
    "plain": Field(
        _words(
            "plain, in plain words, description, project description, short description, summary,"
            "purpose, scope, aims, aim, details, about, what it does, beschreibung,"
            "kurzbeschreibung, zweck, objective, objectives"
        ),
        "what it is, in plain words",
        "prose",
    ),
    "status": Field(
        _words(
            "status, project status, rag, rag status, overall status, overall rag, rag rating,"
            "health, state, delivery confidence assessment, delivery confidence, progress status,"
            "ampel, projektstatus, statut, état, stage, phase"
        ),
        "planned, running, at risk, late, done or stopped; or its colour",
        "status",
    ),
    "phase": Field(
        _words("phase, horizon, strategy, run grow transform, stage, strategic class, class"),
        "stabilize, optimize or innovate",
        "phase",
    ),
    "starts_on": Field(
        _words(
            "start date, start, starts on, starts, project start date, project start, begin,"
            "begin date, kick off, kickoff, startdatum, beginn, date de début, début"
        ),
        "when it starts or started",
        "date",
    ),
    "ends_on": Field(
        _words(
            "end date, end, ends on, ends, project end date, project end, finish date, finish,"
            "go live, go live date, golive, due date, due, deadline, target date, completion date,"
            "completion, delivery date, enddatum, ende, fertigstellung, termin, date de fin, fin,"
            "échéance"
        ),
        "when it ends or goes live",
        "date",
    ),
    "cost": Field(
        _words(
            "total cost, total costs, whole life cost, whole life costs, cost, costs, budget,"
            "total budget, approved budget, project budget, project cost, annual cost, yearly cost,"
            "annual spend, spend, amount, investment, capex, price, contract value, kosten,"
            "gesamtkosten, jahreskosten, gesamtbudget, coût, coût total, coût annuel, coûts"
        ),
        "what it costs",
        "money",
    ),
    "vendor": Field(
        _words(
            "vendor, vendor name, supplier, supplier name, provider, manufacturer, publisher,"
            "contractor, lieferant, anbieter, hersteller, fournisseur, éditeur"
        ),
        "who it is bought from",
        "text",
    ),
    "renews_on": Field(
        _words(
            "renewal date, renewal, contract renewal, contract renewal date, renews on, renews,"
            "contract end, contract end date, contract expiry, licence expiry, license expiry,"
            "expiry date, expiry, expires, vertragsende, verlängerung, renouvellement"
        ),
        "when its contract renews",
        "date",
    ),
    "metric": Field(
        _words(
            "kpi, metric, kpi name, metric name, measure, key figure, success measure, key result,"
            "benefit, kennzahl, messgröße, indicateur"
        ),
        "the number that shows whether it worked",
        "text",
    ),
    "baseline": Field(
        _words("baseline, baseline value, as is, current value, current, ausgangswert, istwert"),
        "where the number stood before",
        "number",
    ),
    "target": Field(
        _words("target, target value, kpi target, goal value, to be, zielwert, soll, cible"),
        "where the number should go",
        "number",
    ),
}
