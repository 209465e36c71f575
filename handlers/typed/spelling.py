"""How dates and times are spelled; what is not spelled like this is none."""

import re
from datetime import time

from handlers.typed.library import MONTHS, WEEKDAYS, names

WEEKDAY = rf"(?:{names(*WEEKDAYS)})\.?"
MONTH = rf"(?:{names(*MONTHS)}|mar|sept)\.?"
YEAR = r"(?:19|20)[0-9]{2}"

BEFORE = re.compile(r"(?:on|by|until|till|til|at|due|since|am|bis|seit|um|le|ab|jusqu'au|depuis) ")
# Words of everyday language: a day or a month only with a capital, or where a date is asked for.
EVERYDAY = {"sat", "sun", "may", "march", "mar", "wed", "jan", "jun", "mai"}
EVERYDAY |= {"sam", "ven", "mer", "dim", "lun", "jeu", "sept", "august", "april", "fre"}
CLOCK = re.compile(
    r"(?:^|,? (?:(?:at|um|à|@) )?|t(?=[0-9]{2}:[0-9]{2}$))(?:"
    r"(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(?: ?(?P<half>[ap])\.?m\.?)?(?: uhr)?"
    r"|(?P<hour12>[0-9]{1,2}) ?(?P<half12>[ap])\.?m\.?"
    r"|(?P<hour24>[0-9]{1,2}) ?(?:uhr|(?<!^[0-9])(?<!^[0-9]{2})(?<!^[0-9] )(?<!^[0-9]{2} )h)"
    r"|(?P<named>noon|midday|mittags?|midi|morning|afternoon|evening|eod|cob|end of (?:the )?day)"
    r")$"
)
NAMED = {
    "noon": time(12), "midday": time(12), "mittag": time(12), "mittags": time(12),
    "midi": time(12), "morning": time(9), "afternoon": time(15), "evening": time(18),
}  # fmt: skip
HOURS = re.compile(
    r"(?P<about>in |dans )?(?P<count>[0-9]{1,4}|an?|one|einer?|une?) ?"
    r"(?P<unit>h|hrs?|hours?|stunden?|heures?|min|mins|minutes?|minuten?)(?P<ago> ago)?"
)
COUNTED = re.compile(
    r"(?P<about>in |dans )?(?P<count>[0-9]{1,4}|an?|one|two|three|four|einem|einer|une?) ?"
    r"(?P<unit>d|days?|w|wks?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?"
    r"|jours?|semaines?|mois|ans?)(?P<ago> ago)?"
)
UNITS = {
    "days": ("d", "day", "days", "tag", "tage", "tagen", "jour", "jours"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "woche", "wochen", "semaine", "semaines"),
    "months": ("month", "months", "monat", "monate", "monaten", "mois"),
    "years": ("year", "years", "jahr", "jahre", "jahren", "an", "ans"),
}
NUMBERS = {"two": 2, "three": 3, "four": 4}
DAYS = re.compile(
    r"today|tomorrow|yesterday|day after tomorrow|heute|morgen|übermorgen|gestern"
    r"|aujourd'hui|demain|après-demain|hier"
)
THE_DAY = re.compile(
    rf"(?P<side>next |this |coming |last |nächste[rn]? |kommende[rn]? )?(?P<name>{WEEKDAY})"
    r"(?P<after> prochain)?"
)
# What a word alone may say at the end of a sentence; a month alone may be a person.
A_DAY = re.compile(rf"(?:{DAYS.pattern}|{WEEKDAY}|tonight|eo[dwmqy]|cob|noon|midday)\.?")
WRITTEN = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}),? )?(?:(?:the )?(?P<day>[0-9]{{1,2}})"
    rf"(?:st|nd|rd|th|er|\.)? ?(?:of )?(?P<month>{MONTH})"
    rf"|(?P<month2>{MONTH}) (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?)"
    rf",?(?: (?P<year>{YEAR}))?"
)
NUMERIC = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}),? )?"
    rf"(?P<day>[0-9]{{1,2}})(?P<mark>[/.\-])(?P<month>[0-9]{{1,2}})(?:(?P=mark)(?P<year>{YEAR}|[0-9]{{2}}))?"
    r"(?P<dot>\.)?"
)
ISO = re.compile(rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}")
SPAN = re.compile(
    rf"(?P<end>(?:the )?end of |ende |fin )?(?:in )?(?P<what>{MONTH}|[qh][1-4])"
    rf"(?:,? (?P<year>{YEAR}))?"
)
CURRENT = re.compile(
    r"(?:(?:the )?end of (?:the |this |(?P<next>next ))?|this |(?P<next2>next )|(?P<last>last ))"
    r"(?P<what>week|month|quarter|year)|eo(?P<letter>[wmqy])"
)
LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
