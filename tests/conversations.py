"""One conversation or more for every command: what holds of all of them is tested on these.

The last step is the command; what comes before is only there to make it possible. Whoever adds a
command adds it here: the tests in `tests/handlers/test_every_command.py` name what is missing.
"""

from tests.scene import (
    Step,
    a_workspace_lets_us_in,
    an_answer_is_lost,
    fills,
    half_a_minute_passes,
    in_the_other_chat,
    nobody_is_admin,
    presses,
    presses_there,
    says,
)

Conversation = tuple[Step, ...]

LOGGED = says("dana", "decide buy the CRM @lee fri")
OWNED = says("dana", "decide buy the CRM @dana")
WISHED = says("dana", "decide buy the CRM")
NEEDED = says("dana", 'needs "Choose payroll vendor" from @omar by Fri')
UNKNOWN = (says("dana", "which priority does Phoenix support?"),)
STEERING = says("lee", "room Steering")
HELD = (an_answer_is_lost, OWNED, half_a_minute_passes)
DB = (in_the_other_chat("db", "Dana Brandt"), says("db", "help"))
BO = (in_the_other_chat("bo", "Bo Lind"), says("bo", "help"))
DANA_IS_BO = (
    says("dana", "this is me"),
    says("bo", "this is me CODE"),
    presses("bo", "Yes, I am Dana Brandt"),
)
JOINED = (*DB, says("dana", "this is me"), says("db", "this is me CODE"))

MESSAGE = {"said": "We buy the CRM.", "link": "https://chat.example/archives/C1/p1"}

LOGGED_FOR = says("ana", 'decide buy the CRM @ana for "Grow revenue"')
NEW = 'project "Web shop" owner @ana for "Grow revenue" cost 200k EUR'
ADDED = says("lee", NEW)
SORTING = says("lee", "sort")
WEEKLY = says("lee", "digest every Mon 9:00")
LEE, OMAR = says("lee", "help"), says("omar", "help")  # who may be written to from now on
ASKED_OF_OMAR = (OMAR, says("ana", 'link "Data lake" to "Grow revenue"'))
CRM_REVENUE = "initiative/3>priority/2"
DISPUTED = (OMAR, says("sam", 'not right "CRM replacement" to "Grow revenue"'))
PASSED_ON = (LEE, *UNKNOWN, presses("dana", "Ask Lee, who keeps the map"))

CHANGES: dict[str, tuple[Conversation, ...]] = {
    # deciding
    "decide": (
        (LOGGED,),
        (says("dana", "we decided to buy the CRM new.colleague@acme.example"),),
        (
            says("dana", "decide build the CRM @dana"),
            says(
                "dana",
                'decide "Buy the CRM" owner @dana for "Grow revenue" because "it is cheaper" '
                "due 15 Dec review in 90d replaces D-1 asked @lee, @ana accepts risk "
                'needs "Choose payroll vendor"',
            ),
        ),
    ),
    "log it": (
        (fills("dana", "log it", title="Buy the CRM", owner="@lee", due="15 Dec", **MESSAGE),),
    ),
    "needs": ((NEEDED,),),
    "accept": (
        (LOGGED, says("lee", "accept D-1")),
        (WISHED, presses_there("ana", "I own it")),
        (*BO, says("lee", "decide buy the CRM @bo"), *DANA_IS_BO, says("dana", "accept D-1")),
    ),
    "yes": ((LOGGED, says("lee", "yes")),),
    "no": ((LOGGED, says("lee", "no")),),
    "owns it": (
        (WISHED, says("dana", "Lee owns it")),
        (says("lee", "Data lake"), says("lee", "Dana owns it")),
    ),
    "not me": (
        (LOGGED, presses_there("lee", "Not me")),
        (LOGGED, says("lee", 'not me D-1 @ana "she runs it"')),
    ),
    "done": ((OWNED, says("dana", "done D-1")),),
    "reverse": ((OWNED, says("lee", 'reverse D-1 "the price doubled"')),),
    "blocks": ((OWNED, says("dana", 'D-1 blocks "CRM training"')),),
    "share": ((OWNED, says("dana", "share D-1", at="elsewhere")),),
    "because": (
        (OWNED, says("dana", 'because D-1 "it is cheaper"')),
        (OWNED, fills("dana", "because", "D-1", reason="we lose leads")),
    ),
    "aim": (
        (OWNED, says("dana", 'D-1 for "Grow revenue"')),
        (OWNED, presses_there("dana", "Say which priority"), presses("dana", "Pass the audit")),
    ),
    "ask of": ((OWNED, presses_there("dana", "Ask someone in IT"), presses("dana", "Lee Novak")),),
    "whose": ((WISHED, presses_there("dana", "Name an owner"), presses("dana", "Lee Novak")),),
    "decided so": (
        (NEEDED, fills("omar", "decided so", "D-1", title="We take Payco", because="cheap")),
    ),
    "undo": (
        (OWNED, says("dana", "undo")),
        (OWNED, says("dana", 'because D-1 "a slip"'), says("dana", "undo")),
        (says("lee", "Data lake is late"), says("lee", "undo")),
        (*ASKED_OF_OMAR, says("ana", "undo")),
        (
            *ASKED_OF_OMAR,
            says("ana", 'unlink "Data lake" from "Grow revenue"'),
            says("ana", "undo"),
        ),
        (*ASKED_OF_OMAR, presses_there("omar", "Yes"), says("omar", "undo")),
        (*PASSED_ON, says("ana", 'project "Phoenix"'), says("ana", "undo")),
        (LOGGED_FOR, says("lee", 'rename "Grow revenue" to "Sell"'), says("lee", "undo")),
        (SORTING, presses("lee", "None"), says("lee", "undo")),
        (ADDED, presses("lee", "Stop Data lake"), says("lee", "undo")),
        (ADDED, presses("lee", "Nothing: we have room"), says("lee", "undo")),
    ),
    "do it again": (
        (says("lee", "Data lake is late"), says("lee", "undo"), presses("lee", "Do it again")),
        (*ASKED_OF_OMAR, says("ana", "undo"), presses("ana", "Do it again")),
        (
            SORTING,
            presses("lee", "None"),
            says("lee", "undo"),
            presses("lee", "Do it again"),
        ),
    ),
    # keeping the map
    "priority": (
        (says("lee", 'priority "Open in Spain" owner @dana category growth'),),
        (says("lee", 'priority "Grow revenue" owner @dana'),),
        (
            says("dana", 'decide buy the CRM @lee for "Grow revenue"'),
            says("lee", 'priority "Grow revenue" owner @dana'),
        ),
    ),
    "project": (
        (says("ana", 'project "Web shop" owner new@acme.example for "Grow revenue" cost 1M EUR'),),
    ),
    "tool": ((says("ana", 'tool "Miro" vendor "Miro Inc" renews 15 Jan cost 84k EUR'),),),
    "capability": ((says("ana", 'capability "Plan work" for "Grow revenue" workaround'),),),
    "number": (
        (says("dana", 'number "Days to onboard" 6.5'),),
        (says("dana", 'number "Lost leads" 30 for "Grow revenue" goal 10'),),
    ),
    "link": (
        (says("omar", 'link "Data lake" to "Grow revenue"'),),
        (says("dana", 'link "Asana" to "Faster onboarding"'),),
    ),
    "unlink": ((says("ana", "unlink CRM replacement from Grow revenue"),),),
    "rank": ((says("lee", 'rank "Pass the audit" 1'),),),
    "retire": ((says("lee", "retire Faster onboarding"),), (says("lee", "retire Data lake"),)),
    "rename": (
        (says("ana", 'rename "One login" to "Sign in once"'),),
        (
            says("dana", 'decide buy the CRM @dana for "Grow revenue"'),
            says("lee", 'rename "Grow revenue" to "Grow sales"'),
        ),
        (
            OWNED,
            says("dana", 'D-1 blocks "CRM training"'),
            says("ana", 'rename "CRM training" to "Sales school"'),
        ),
    ),
    "move": ((says("lee", 'move One login to 14 Dec "supplier late"'),),),
    "it stands": ((says("ana", "CRM training is late"),),),
    "it is so": ((says("lee", "Audit trail"), says("lee", "it is late")),),
    "reading": ((says("dana", "Days to onboard"), says("dana", "6.5")),),
    "give way": (
        (ADDED, presses("lee", "Stop Data lake")),
        (ADDED, presses("lee", "Nothing: we have room")),
        (says("ana", NEW), presses("ana", "Stop Data lake")),
    ),
    # sorting
    "sort it": (
        (SORTING, presses("lee", "Grow revenue")),
        (SORTING, presses("lee", "None")),
        (SORTING, presses("lee", "Don't know")),
        (OMAR, says("ana", "sort"), presses("ana", "Grow revenue")),
    ),
    "sort back": (
        (SORTING, presses("lee", "Grow revenue"), presses("lee", "Back")),
        (SORTING, presses("lee", "None"), presses("lee", "Back")),
    ),
    "sort each": (
        (
            says("lee", 'project "Web shop" owner @omar'),
            OMAR,
            SORTING,
            presses("lee", "Leave it here"),
            presses("lee", "Send each owner only theirs"),
        ),
    ),
    # whose word it is
    "confirm yes": (
        (*ASKED_OF_OMAR, presses_there("omar", "Yes")),
        (*ASKED_OF_OMAR, says("omar", "confirm"), presses("omar", "Yes")),
        (
            *ASKED_OF_OMAR,
            says("lee", 'link "Audit trail" to "Grow revenue"'),
            presses_there("omar", "All of it"),
        ),
    ),
    "confirm no": ((*ASKED_OF_OMAR, presses_there("omar", "No")),),
    "not right": (
        (OMAR, says("sam", 'not right "CRM replacement" to "Grow revenue"')),
        (*DISPUTED, says("ana", 'not right "CRM replacement" to "Grow revenue"')),
        (*DISPUTED, fills("sam", "not right", reason="we only rent it", link=CRM_REVENUE)),
    ),
    "settle": (
        (*DISPUTED, presses_there("omar", "It is right")),
        (*DISPUTED, presses_there("omar", "Take the link away")),
        (
            *DISPUTED,
            fills("omar", "settle", link=CRM_REVENUE, how="elsewhere", serves="priority/1"),
        ),
        (*DISPUTED, presses("sam", "I was wrong")),
    ),
    "pass on": ((LEE, *UNKNOWN, presses("dana", "Ask Lee, who keeps the map")),),
    "told": (
        (*PASSED_ON, fills("lee", "told", "Phoenix", **{"is": "other", "name": "Data lake"})),
        (*PASSED_ON, fills("lee", "told", "Phoenix", **{"is": "none", "why": "It was stopped."})),
        (
            OMAR,
            *UNKNOWN,
            fills("ana", "told", "Phoenix", **{"is": "new", "called": "Phoenix", "priority": "2"}),
        ),
    ),
    # taking it out
    "export": ((says("dana", "export"),), (says("dana", "export decisions since 1 Jan as csv"),)),
    "import": ((says("lee", "import"),),),
    "record": ((OWNED, says("dana", "record")), (OWNED, says("dana", "record D-1"))),
    # what was said
    "it is there": ((*HELD, presses_there("dana", "It is there")),),
    "post it": ((*HELD, presses_there("dana", "Post it")),),
    # people
    "side": (
        (says("dana", "side both"),),
        (says("lee", "side @sam.petrov it"),),
        (OWNED, says("dana", "side both")),
    ),
    "role": ((says("omar", "role @dana facilitator"),),),
    "join link": ((says("omar", "join link"),),),
    "claim": ((nobody_is_admin, says("dana", "claim CODE")),),
    "workspace side": ((a_workspace_lets_us_in, presses_there("omar", "IT", at="direct")),),
    "this is me": (
        (says("dana", "this is me"),),
        (*DB, says("dana", "this is me"), says("db", "this is me CODE")),
        (*DB, says("db", "this is me 222222")),
        (*JOINED, says("db", "this is me undo")),
        (
            in_the_other_chat("db", "D. Brandt"),
            says("db", "decide buy the CRM @me"),
            says("dana", "this is me"),
            says("db", "this is me CODE"),
        ),
    ),
    "gone": (
        (says("lee", "gone @ana"),),
        (LOGGED, OWNED, says("lee", "gone @dana to @ana")),
        (LOGGED, says("omar", "gone @lee"), presses("omar", "Leave unowned and say so")),
        (
            says("lee", 'decide buy the CRM @lee for "Faster onboarding"'),
            says("lee", "gone @dana to @ana"),
        ),
    ),
    "away": ((says("dana", "away until Wed"),), (says("lee", "away @dana until Wed"),)),
    "back": (
        (says("dana", "away until Wed"), presses("dana", "I am back")),
        (says("lee", "gone @ana"), says("lee", "back @ana")),
    ),
    "stop": ((says("dana", "stop"),), (says("dana", "stop"), presses("dana", "Only Mondays"))),
    # digests
    "digest every": (
        (WEEKLY,),
        (STEERING, says("lee", "digest every second Thu 16:00")),
        (WEEKLY, says("lee", "digest monthly on the 15th 10:00")),
    ),
    "digest set": (
        (fills("lee", "digest set", day="Mon", often="every first", time="9:00"),),
        (WEEKLY, fills("lee", "digest set", day="working day", often="every", time="8:30")),
    ),
    "digest now": (
        (says("lee", "digest now"),),
        (*ASKED_OF_OMAR, NEEDED, STEERING, says("lee", "digest now")),
        (says("lee", "digest words {{ title }}: {{ money }}"), says("lee", "digest now")),
    ),
    "digest skip": ((WEEKLY, says("lee", "digest skip next")),),
    "digest skip back": (
        (WEEKLY, says("lee", "digest skip next"), presses("lee", "Send it after all")),
    ),
    "digest pause": (
        (WEEKLY, says("lee", "digest pause until 2 Jan")),
        (WEEKLY, says("lee", "digest"), presses("lee", "Pause")),
    ),
    "digest resume": ((WEEKLY, says("lee", "digest pause"), presses("lee", "Resume")),),
    "digest end": ((WEEKLY, says("lee", "digest end")),),
    "digest lens": ((says("lee", "digest lens it"),),),
    "digest quiet": ((WEEKLY, says("lee", "digest quiet silent")),),
    "digest owner": ((WEEKLY, says("lee", "digest owner @dana")),),
    "digest useful": ((says("lee", "digest now"), presses_there("dana", "Useful")),),
    "digest not for me": (
        (says("lee", "digest now"), presses_there("dana", "Not for me")),
        (
            says("lee", "digest now"),
            presses_there("dana", "Useful"),
            presses_there("dana", "Not for me"),
        ),
    ),
    "digest words": (
        (says("lee", "digest words {{ title }}: {{ money }}"),),
        (says("lee", "digest words {{ title }}"), says("lee", "digest words off")),
    ),
    "number is": ((fills("dana", "number is", value="6.5", metric="1"),),),
    "country": ((says("lee", "country DE-BY"),),),
    "holiday": ((says("lee", "holiday 24 Dec"),),),
    "holiday back": ((says("lee", "holiday 24 Dec"), presses("lee", "Take it back")),),
    # rooms and zones
    "in room": (
        (STEERING,),
        (says("lee", "room Board"), says("lee", 'room "Steering"')),
    ),
    "room join": (
        (STEERING, says("lee", "room join CODE", at="elsewhere")),
        (says("lee", "room join 222222"),),
    ),
    "room leave": ((STEERING, says("lee", "room leave")),),
    "put back": (
        (STEERING, says("lee", "room leave"), presses("lee", "Put it back")),
        (
            says("lee", "room Board", at="elsewhere"),
            STEERING,
            says("lee", "room join CODE", at="elsewhere"),
            presses("lee", "Back to Board", at="elsewhere"),
        ),
    ),
    "room rename": ((STEERING, says("lee", 'room rename "Board"')),),
    "set zone": ((says("lee", "zone America/New_York"),),),
}

READS: dict[str, tuple[Conversation, ...]] = {
    "ask": (
        (says("dana", "which priority does One login support?"),),
        (says("dana", "One login"),),
        (says("dana", "what does @lee own?"),),
        (says("dana", "what did we decide?"),),
        (says("dana", "what do we spend on growth?"),),
        (says("dana", "what changed this week?"),),
        UNKNOWN,
    ),
    "home": ((says("dana", ""),),),
    "help": ((says("dana", "help"),), (says("dana", "help rooms"),)),
    "people": ((says("dana", "people"),), (says("dana", "people @lee"),)),
    "why me": ((says("dana", "why me?"),),),
    "map": ((says("dana", "map"),), (says("dana", "map One login"),)),
    "room": ((says("dana", "room"),), (STEERING, says("dana", "room"))),
    "zone": ((says("dana", "zone"),),),
    "decisions": ((LOGGED, says("dana", "decisions open owner @lee")),),
    "why": ((LOGGED, says("dana", "why D-1")),),
    "last": ((LOGGED, says("lee", "last")),),
    "sort": ((SORTING,), (says("lee", "sort mine"),)),
    "confirm": ((says("omar", "confirm"),), (*ASKED_OF_OMAR, says("omar", "confirm"))),
    "say why not": ((*DISPUTED, presses("sam", "Say why")),),
    "serves instead": ((*DISPUTED, presses_there("omar", "It serves something else")),),
    "i know": ((*UNKNOWN, presses("dana", "I know: it is…")),),
    "add why": ((LOGGED, presses_there("dana", "Add why")),),
    "which priority": ((LOGGED, presses_there("dana", "Say which priority")),),
    "whom to ask": ((OWNED, presses_there("dana", "Ask someone in IT")),),
    "name an owner": ((WISHED, presses_there("dana", "Name an owner")),),
    "offer to log": ((fills("dana", "offer to log", **MESSAGE),),),
    "log this": ((fills("dana", "log this", **MESSAGE),),),
    "decide it": ((NEEDED, presses_there("omar", "Decide it")),),
    "digest": ((says("dana", "digest"),), (WEEKLY, says("dana", "digest"))),
    "digest preview": (
        (says("dana", "digest preview"),),
        (LOGGED, WEEKLY, says("dana", "digest preview as of 1 Nov")),
    ),
    "digest log": ((WEEKLY, says("lee", "digest skip next"), says("dana", "digest log")),),
    "digest more": ((says("lee", "digest now"), presses_there("dana", "More")),),
    "digest plan": ((says("lee", "digest"), presses("lee", "Choose")),),
    "digest wording": ((says("lee", "digest words {{ title }}"), presses("lee", "Change")),),
    "say a number": ((fills("dana", "say a number", "1"),),),
}

# the tables in which a reading command's note keeps something, for those that have a note
KEEPS: dict[tuple[str, Conversation], set[str]] = {("ask", UNKNOWN): {"questions"}}
