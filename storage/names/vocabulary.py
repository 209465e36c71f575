"""The words that say little about which project is meant: small ones, kinds and common ones."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Connect the others; people leave them out or add them without noticing. English, German, French,
# Spanish and Italian, because names in one company often come in two of them.
SMALL = _listed("""
    the a an of and or for to in on at by with from into our its this that
    und oder der die das den dem des fur fuer von vom zu zur zum im am auf mit bei
    de la le les du et pour au aux en sur un une
    el los las del y para il di della dei per
""")

# Of those, the ones between two things: what stands on either side of one can be a name by itself.
BETWEEN = _listed("""
    of for to in on at by with from into
    von vom zu zur zum im am auf mit bei fur fuer
    de du des pour au aux en sur del para di della dei per
""")

# What kind of thing it is: said or not, one for another, it stays the same thing.
KINDS = _listed("""
    programme program programmes programs project projects initiative initiatives tool tools
    system systems projekt projekte programm projet projets proyecto programa progetto programma
""")

# Followed by what tells the instalments of a thing apart, so "II", "v" and "two" are numbers there.
INSTALMENTS = _listed(
    "phase stage part wave tier release version step level mk mark lot tranche type area"
)

# Frequent in project names everywhere, so they tell little even where only one stored name has
# them: "transformation programme" is no name for the only transformation we happen to know.
COMMON = INSTALMENTS | _listed("""
    transformation digital digitisation digitization data service services platform management
    migration upgrade rollout implementation replacement replace new modernisation modernization
    integration portal infrastructure network cloud reform improvement improvements development
    delivery deployment support security technology technologies information business operations
    operational process processes customer customers employee employees staff workplace office
    online internal external global regional local national international central core enterprise
    corporate group strategic strategy future next generation smart single shared common standard
    automation optimisation optimization consolidation centralisation harmonisation expansion
    extension renewal refresh review pilot trial launch setup introduction capability capacity
    quality performance reporting report reports analytics dashboard monitoring control planning
    tracking compliance governance risk audit finance financial sales marketing procurement supply
    chain logistics warehouse production manufacturing retail product engineering legal commercial
    training learning hub centre center suite framework architecture server servers storage backup
    desktop mobile web website intranet connector interface gateway api access identity master
    model fund grant change app application software scheme portfolio community team teams unit
    site sites building facility facilities equipment
    einfuhrung einfuehrung ablosung abloesung erneuerung plattform daten kunden
    deploiement refonte gestion plateforme
""")
