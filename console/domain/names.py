"""How names are compared: folded letters, and the short forms people use for one another.

Phonetics fail for the names of this country (platform-facts.md 3: Siobhan and Shevaun have
different keys), so short forms and spellings are a table that a council can read and lengthen.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that do not come apart into a letter and an accent.
_WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})
_DROPPED = frozenset("'\u2019\u2018`.\u02bc")
_ASCII = {code: None if chr(code) in _DROPPED else " " for code in range(128) if not chr(code).isalnum()}

SHORT_FORMS: tuple[tuple[str, ...], ...] = (
    ("abigail", "abby", "abbie", "gail"),
    ("aleksander", "alexander", "alex", "alec", "sandy", "olek"),
    ("alexandra", "alex", "sandra", "sasha"),
    ("alfred", "alf", "alfie", "fred"),
    ("andrew", "andy", "drew", "andrzej"),
    ("ann", "anne", "annie", "anna", "nan"),
    ("anthony", "antony", "tony"),
    ("benjamin", "ben", "benny"),
    ("caitlin", "kaitlyn", "katelyn", "caitlyn"),
    ("catherine", "katherine", "kathryn", "cathy", "kathy", "kate", "katie", "kath", "cath", "katarzyna", "kasia"),
    ("charles", "charlie", "chas", "chuck"),
    ("charlotte", "charlie", "lottie", "lotte"),
    ("christine", "christina", "chris", "chrissie", "tina"),
    ("christopher", "chris", "kit", "topher"),
    ("clare", "claire", "clair"),
    ("daniel", "dan", "danny"),
    ("danielle", "dani", "danni"),
    ("david", "dave", "davey", "dai"),
    ("deborah", "debra", "deb", "debbie"),
    ("dorothy", "dot", "dottie", "dolly"),
    ("edith", "edie"),
    ("edward", "ed", "eddie", "ted", "teddy", "ned"),
    ("eleanor", "ellie", "elly", "nell", "nora", "elinor"),
    ("elizabeth", "elisabeth", "liz", "lizzie", "beth", "betty", "betsy", "eliza", "libby", "lisa", "elsie"),
    ("emily", "em", "emmie", "milly"),
    ("frances", "fran", "francesca", "frankie"),
    ("francis", "frank", "frankie"),
    ("gareth", "gary", "gaz"),
    ("geoffrey", "jeffrey", "geoff", "jeff"),
    ("george", "georgie"),
    ("georgina", "georgia", "georgie", "gina"),
    ("grace", "gracie"),
    ("harold", "harry", "hal"),
    ("henry", "harry", "hal"),
    ("isabel", "isobel", "isabella", "isabelle", "bella", "izzy", "issy"),
    ("jacob", "jake", "jakub"),
    ("jacqueline", "jackie", "jacqui"),
    ("james", "jim", "jimmy", "jamie"),
    ("janet", "jan", "jean"),
    ("jasmine", "yasmin", "jaz", "jas"),
    ("jennifer", "jen", "jenny", "jenni"),
    ("jessica", "jess", "jessie"),
    ("john", "jon", "jack", "johnny", "ian", "sean", "shaun", "shawn"),
    ("jonathan", "jon", "johnny", "jonny"),
    ("joseph", "joe", "joey", "jozef"),
    ("josephine", "jo", "josie"),
    ("joshua", "josh"),
    ("julia", "julie", "jules"),
    ("kayleigh", "kayley", "kaylee", "kayla"),
    ("kenneth", "ken", "kenny"),
    ("lawrence", "laurence", "larry", "laurie"),
    ("leonard", "len", "lenny", "leo"),
    ("leslie", "lesley", "les"),
    ("lillian", "lilian", "lily", "lil"),
    ("louise", "lou", "lulu"),
    ("lucy", "lucia", "lucie", "lucinda"),
    ("madeleine", "madeline", "maddie", "maddy"),
    ("marcus", "mark", "marc"),
    ("margaret", "maggie", "meg", "peggy", "marge", "madge", "greta", "malgorzata"),
    ("martin", "marty", "marcin"),
    ("mary", "marie", "maria", "molly", "polly", "may"),
    ("matthew", "mat", "matt", "matty", "mateusz"),
    ("megan", "meg", "meghan"),
    ("michael", "mike", "mick", "mickey", "micky", "mikey", "michal"),
    ("mohammed", "muhammad", "mohammad", "mohamed", "muhammed", "mohamad", "mo"),
    ("natalie", "nat", "natasha", "tasha", "natalia"),
    ("nicholas", "nicolas", "nick", "nicky", "nico"),
    ("nicola", "nicky", "nikki", "nichola"),
    ("oliver", "ollie", "olly"),
    ("olivia", "liv", "livvy", "libby"),
    ("pamela", "pam"),
    ("patricia", "pat", "patsy", "trish", "tricia", "paddy"),
    ("patrick", "pat", "paddy", "padraig", "rick"),
    ("peter", "pete", "piotr"),
    ("philip", "phillip", "phil", "pip"),
    ("rachel", "rachael", "rach"),
    ("raymond", "ray"),
    ("rebecca", "rebekah", "becky", "becca", "bex"),
    ("reece", "rhys", "reese", "rees"),
    ("richard", "rich", "richie", "rick", "ricky", "dick"),
    ("robert", "rob", "robbie", "bob", "bobby", "bert"),
    ("ronald", "ron", "ronnie"),
    ("samantha", "sam", "sammy"),
    ("samuel", "sam", "sammy"),
    ("sarah", "sara", "sally", "sadie"),
    ("sean", "shaun", "shawn", "shane"),
    ("siobhan", "shevaun", "shivaun", "chevonne"),
    ("stephanie", "steph", "stephie"),
    ("stephen", "steven", "steve", "stevie", "stefan"),
    ("susan", "sue", "susie", "suzanne", "suzie"),
    ("theodore", "theo", "ted", "teddy"),
    ("theresa", "teresa", "terry", "tess", "tessa", "tracy"),
    ("thomas", "tom", "tommy", "tomasz"),
    ("timothy", "tim", "timmy"),
    ("victoria", "vicky", "vicki", "vikki", "tori"),
    ("vincent", "vince", "vinny"),
    ("walter", "wally", "walt"),
    ("william", "will", "bill", "billy", "willie", "liam"),
    ("yusuf", "yousef", "youssef", "yousuf", "joseph"),
    ("zachary", "zac", "zach", "zak"),
)
"""Given names that stand for one another, folded; a name may be in several groups."""


@lru_cache(maxsize=32_768)
def fold(name: str) -> str:
    """Return ``name`` as it is compared: lower case, no accents, no apostrophes, single spaces.

    ``O'Brien-Núñez`` becomes ``obrien nunez``.  Marks that cannot be drawn vanish.
    """
    if name.isascii():
        return " ".join(name.lower().translate(_ASCII).split())
    # Taking letters apart can bring capitals (a telephone sign holds TEL), so the case goes after it.
    lower = unicodedata.normalize("NFKD", name).casefold().translate(_WHOLE)
    apart = unicodedata.normalize("NFKD", lower)
    letters = (_letter(char) for char in apart if char not in _DROPPED)
    return " ".join("".join(letters).split())


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LN":
        return char
    return "" if category[0] == "M" else " "


def same_as(given: str) -> frozenset[str]:
    """Return the other folded given names that ``given`` (folded) may stand for."""
    groups = (group for group in SHORT_FORMS if given in group)
    return frozenset(name for group in groups for name in group) - {given}
