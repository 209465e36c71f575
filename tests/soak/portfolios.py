"""Portfolios to ask about: the real one of 2022, and companies made up of words companies use."""

import csv
from pathlib import Path
from random import Random

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "gmpp_2022.csv"


def _listed(words: str, between: str | None = None) -> list[str]:
    return [word.strip() for word in words.split(between) if word.strip()]


WRITTEN = _listed(
    """
    SAP S/4HANA migration | SAP Ariba rollout | SAP SuccessFactors | M365 rollout |
    M365 Copilot pilot | CRM connector | Data lake | Data lake governance | Kundenportal 2.0 |
    Kundenportal 3.0 | Projet Émeraude | Phoenix | Atlas | Pharos | One login | Onboarding app |
    Server exit | Azure landing zone | AWS landing zone | Zero Trust Network Access (ZTNA) |
    Intune | Okta | Privileged Access Management (PAM) | Security Operations Centre (SOC) |
    Master Data Management (MDM) | Jira Align | Enterprise Service Bus replacement | Workday HCM |
    Workday Payroll Germany | Workday Payroll France | Coupa | ServiceNow ITSM | ServiceNow CMDB |
    Confluence clean-up | Windows 11 upgrade | Windows Server 2012 retirement |
    Oracle 19c upgrade | Warehouse robots Hall 3 | Warehouse robots Hall 4 | Paperless invoicing |
    E-invoicing Italy | E-invoicing Poland | KSeF | Lieferantenportal | Digitale Personalakte |
    Zeiterfassung Werk Zürich | Zeiterfassung Werk Köln | Lagerverwaltung Neuss |
    Straßenlogistik App | Büroumzug München | Refonte du site web | Gestion des fournisseurs |
    Dématérialisation des factures | Plan de continuité | Know your customer (KYC) |
    Anti Money Laundering monitoring | PSD2 readiness | DORA compliance | GDPR deletion engine |
    NIS2 | ISO 27001 certification | SOC 2 Type 2 | Carbon accounting | CSRD reporting |
    Fleet telematics | Electric vans | Click & Collect | Store of the Future |
    Self-checkout phase 1 | Self-checkout phase 2 | Loyalty relaunch | Loyalty app |
    Price engine | Promotion planning | Demand forecasting | Demand forecasting for fresh food |
    Shelf labels | Returns portal | Returns automation | Track and Trace |
    Track and Trace for pharma | Batch records | LIMS | MES Plant Gdańsk | MES Plant Győr |
    OEE dashboard | Predictive maintenance | Predictive maintenance of presses | Digital twin |
    Field service app | Spare parts shop | Dealer portal | Configure Price Quote (CPQ) |
    Quote to cash | Order to cash harmonisation | Source to pay | Record to report |
    Hire to retire | Treasury workstation | Cash pooling | Chart of accounts 2027 | Fast close |
    Consolidation tool | Contract repository | Legal hold | Whistleblower line | Board portal |
    Travel and expenses | Concur | Meeting room displays | Wi-Fi 6 | SD-WAN |
    Network segmentation OT | Cable plant Lyon | Data centre exit Slough |
    Data centre exit Frankfurt | Mainframe exit | COBOL off | Aurora | Borealis | Calypso |
    Daedalus | Everest | Falcon | Gemini | Helios | Icarus | Juno | Kilimanjaro | Lighthouse |
    Mercury | Nautilus | Orion | Pegasus | Quicksilver | Rosetta | Sirius | Titan | Ulysses |
    Vega | Wren | Xenon | Yellowstone | Zephyr | Project Bluebird | Project Kingfisher |
    Programme Horizon | Horizon Europe reporting | Compass | North Star | Moonshot | Big Bang |
    Blue Ocean | Lean Green | Chatbot for HR | Chatbot for customers | Contact centre AI |
    Voice of the customer | Net promoter tracking | Churn model | Feature store | MLOps platform |
    Snowflake | Databricks | Power BI | Tableau retirement | Looker | Data catalogue |
    Data quality cockpit | Customer 360 | Product information management (PIM) |
    Digital asset management (DAM) | Marketing automation | Consent management | Tag manager |
    Headless commerce | B2B shop | B2C shop | Marketplace integration | Amazon connector |
    EDI hub | EDI hub 2 | API gateway | Kafka backbone | Identity governance | Password vault |
    Phishing training | Backup to cloud | Ransomware recovery | Disaster recovery Site B |
    Business continuity for the Nordic warehouses and the shared service centre in Riga | Q-Lab |
    R&D portfolio tool | Ideation | Innovation lab Tallinn | Talent marketplace |
    Learning experience platform | Skills matrix | Pulse survey | Shift planning |
    Shift planning hospital north | Hospital information system | Patient app | e-Prescription |
    Lab orders | Bed management | Vendor risk scoring | Cost transparency (FinOps) |
    Mobile device refresh 2026 | Mobile device refresh 2027 | Print reduction |
    Follow-me printing | Hybrid work kit | Desk booking | Visitor check-in | CCTV replacement |
    Access badges | Fire alarm link | Mergers playbook | Carve-out Omega | Day 1 readiness Omega |
    TSA exit Omega | Integration of Delta Foods | ERP for Delta Foods | ERP template core |
    ERP wave 1 Iberia | ERP wave 2 Benelux | ERP wave 3 Nordics | ERP wave 4 DACH | Tax engine |
    Transfer pricing tool
    """,
    between="|",
)
WHO = _listed("""
    Customer Supplier Partner Dealer Employee Vendor Patient Student Tenant Broker Claims Policy
    Payroll Treasury Warehouse Factory Fleet Store Branch Depot Airport Harbour Museum Clinic
    Campus Kitchen Pension Invoice Contract Order Parcel Freight Pallet Recipe Ticket Booking
    Loyalty Pricing Tariff Meter Grid Turbine Solar Water Waste Leakage Field Crew Roster Badge
    Visitor Parking Permit Grant Library Archive Litigation Privacy Consent Cyber Endpoint
    Firewall Mainframe Database Ledger Billing Collections Credit Fraud Lending Mortgage Savings
    Card Wallet Kiosk Checkout Shelf Catalogue Content Campaign Survey Chat Voice Video
    Translation Search Recommendation
""")
WHAT = _listed("""
    Portal Migration Dashboard Connector Gateway Analytics Onboarding Registry Planner Forecast
    Scheduling Automation Archive Integration Reporting Platform App Hub Engine Tracker
    Marketplace Sandbox Cockpit Assistant Consolidation Rollout Upgrade Replacement Renewal
    Retirement Pilot Academy Toolkit Playbook Directory Scanner Notification Signature
    Verification Reconciliation Settlement Simulation Optimiser Monitoring Alerting Backup
""")
WHERE = _listed("""
    Germany France Iberia Nordics Benelux Poland Czechia Austria Switzerland Italy Ireland
    Scotland Wales Lyon Hamburg Zürich Köln Gdańsk Malmö Porto Bilbao Riga Tallinn Brno Graz
    Basel Ghent Leeds Cork Izmir Lagos Pune Osaka Lima Quito Dallas Denver Austin Boston Toronto
    Sydney Perth Auckland Cairo Tunis Nairobi Dubai Manila
""")
PLAIN = _listed("""
    Digital Global Group Smart New Central Common Mobile Cloud Real-time Predictive Paperless
    Secure Lean Green Regional Unified Legacy Hybrid Automated
""")
CODE = _listed("""
    Amber Basalt Cobalt Dolphin Eagle Fjord Granite Heron Indigo Jaguar Krypton Lotus Mango
    Nimbus Opal Puma Quartz Raven Saffron Tango Umbra Violet Walnut Xylo Yarrow Zenith Alpha
    Bravo Comet Delta Ember Flint Glacier Harbor Ibis Jasmine Koala Lynx Marlin Nebula Otter
    Panther Quokka Robin Sparrow Thunder Unicorn Viking Willow Yak Zebra
""")
ONSETS = _listed("b br c ch cl d dr f fl g gr h j k kl l m n p pl qu r s sh sl st t tr v w z")
VOWELS = _listed("a e i o u ai ea io ou")
ENDS = _listed("n r s x l ra ris ta tix via vo lo na sys nt")
KIND = ["Programme", "Project", "Initiative", "System", "Tool"]


def real() -> tuple[list[str], list[str]] | None:
    """The names of 2022 in two halves by department, or nothing where the file is absent."""
    if not REAL.exists():
        return None
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["Department"].strip(), row["project_name"].strip()) for row in csv.DictReader(file)
        ]
    departments = sorted({department for department, _ in rows})
    tuned = set(departments[::2])
    return (
        [name for department, name in rows if department in tuned],
        [name for department, name in rows if department not in tuned],
    )


def company(count: int, random: Random) -> list[str]:
    """Names as a company of that size has them: written ones first, then combined ones."""
    names = dict.fromkeys(random.sample(WRITTEN, min(len(WRITTEN), count * 2 // 3)))
    while len(names) < count:
        names.setdefault(_combined(random))
    return list(names)


def _combined(random: Random) -> str:
    who, what, where, plain = (random.choice(words) for words in (WHO, WHAT, WHERE, PLAIN))
    second, code, number = random.choice(WHO), random.choice(CODE), random.randint(1, 9)
    kind = random.choice(KIND)
    invented = _invented(random)
    return random.choice(
        [
            f"{who} {what} {where}",
            f"{plain} {who} {what}",
            f"{who} and {second} {what}",
            f"{who} {second} {what} {kind}",
            f"{plain} {who} {what} {where}",
            f"{who} {what} Phase {number}",
            f"{who} {second} {what} ({who[0]}{second[0]}{what[0]})",
            f"{code} {who} {what}",
            f"Project {code} {where}",
            f"{what} of {who} {second} for {where}",
            f"{who} {what} {number}.0",
            f"{where} {who} {what} {kind}",
            f"{code} {number}",
            f"{who} {second} {where}",
            f"{plain} {who} and {second} {what} for {where} {kind}",
            f"{invented} {what}",
            f"{who} {invented}",
            invented,
            f"{invented} {who} {what}",
            f"{invented} Phase {number}",
        ]
    )


def _invented(random: Random) -> str:
    """A word nobody else has, as products and suppliers are called."""
    syllables = (random.choice(ONSETS) + random.choice(VOWELS) for _ in range(random.randint(2, 3)))
    return ("".join(syllables) + random.choice(ENDS)).capitalize()


def held_back(names: list[str], share: float, random: Random) -> tuple[list[str], list[str]]:
    """Stored names and held-back ones."""
    held = set(random.sample(range(len(names)), int(len(names) * share)))
    return (
        [name for i, name in enumerate(names) if i not in held],
        [name for i, name in enumerate(names) if i in held],
    )
