"""The words that invented people are made of: names, streets, towns, markers, history.

Data only.  Towns and streets exist nowhere; postcode areas that begin with X are not given out.
The authorities are those of the story that the demo plays, as data: no rule depends on them.
"""

from __future__ import annotations

from typing import NamedTuple

from console.domain.people import Rank


class Origin(NamedTuple):
    """Names that go together, the language of the home, and how many in a thousand have them."""

    share: int
    language: str
    families: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]


class MarkerKind(NamedTuple):
    """A marker as it is invented: whom it may stand on (adult, child, any) and its review in months."""

    kind: str
    rank: Rank
    text: str
    whom: str
    months: int = 12


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


ORIGINS: tuple[Origin, ...] = (
    Origin(
        700,
        "English",
        _words(
            "Abbott Adams Adcock Allard Ambrose Appleton Archer Ashdown Atkins Aylward Bailey Baker Bannister Barlow "
            "Barnes Bartlett Bassett Baxter Beckett Bell Bennett Berry Bishop Blackwell Blake Blundell Bolton Booth "
            "Bowden Bradley Bramley Brewer Briggs Brook Brown Bryant Buckley Bullock Burgess Burton Butcher Butler "
            "Calder Carpenter Carter Chadwick Chambers Chandler Chapman Clark Clayton Coates Cole Coleman Collins "
            "Cooper Cotton Coombes Cross Dale Dalton Davidson Davies Dawson Dean Dixon Dobson Draper Drew Dunn Dyer "
            "Eastwood Edwards Elliott Ellis Emery Evans Farmer Farrow Fawcett Field Fisher Fletcher Ford Foster Fowler "
            "Franklin Freeman Frost Fuller Gale Gardner Garland Gibson Gilbert Glover Goddard Goodwin Gould Graham "
            "Graves Green Griffin Griffiths Hale Hall Hammond Hancock Harding Harper Harris Harrison Hart Harvey "
            "Hawkins Hayes Haynes Heath Hewitt Hill Hobbs Holland Holloway Holmes Hooper Hopkins Howard Howell Hudson "
            "Hughes Hunt Hurst Hussey Ingram Jackson James Jarvis Jenkins Johnson Jones Kemp Kendall King Kirby Knight "
            "Lake Lambert Lane Lawson Leach Lewis Lloyd Long Lowe Lucas Lyons Mann Manning Marsden Marshall Mason "
            "Matthews May Meadows Mercer Miles Mills Mitchell Moore Morgan Morris Moss Neal Nelson Newman Newton "
            "Nicholls Norris North Oakley Oliver Osborne Owen Page Palmer Parker Parsons Payne Pearce Perkins Perry "
            "Phillips Pickering Pike Porter Potter Powell Pratt Preston Price Pritchard Quick Randall Read Reeves "
            "Reynolds Richards Riley Roberts Robinson Rogers Rose Rowe Russell Sanders Saunders Sawyer Scott Sharp "
            "Shaw Shepherd Short Simmons Simpson Skinner Slater Smart Smith Spencer Stanley Steele Stephens Stevens "
            "Stokes Stone Sutton Swift Taylor Thomas Thompson Thorne Todd Townsend Tucker Turner Tyler Underwood "
            "Vaughan Vincent Wade Walker Wallace Walsh Walters Ward Warner Warren Waters Watson Watts Weaver Webb "
            "Webster Wells West Wheeler White Whitehead Wilkins Wilkinson Williams Willis Wilson Winter Wood Woods "
            "Wright Yates Young"
        ),
        _words(
            "Aaron Adam Adrian Aidan Alan Albert Alexander Alfie Andrew Anthony Archie Arthur Ashley Barry Ben "
            "Benjamin Bradley Brandon Brian Callum Cameron Charles Charlie Christopher Colin Connor Craig Daniel "
            "Darren David Dean Dennis Derek Dominic Donald Douglas Dylan Edward Elliot Eric Ethan Finley Francis Frank "
            "Freddie Gareth Gary Geoffrey George Gerald Gordon Graham Gregory Harold Harry Harvey Henry Howard Hugh "
            "Ian Isaac Jack Jacob Jake James Jamie Jason Jeffrey Jeremy Joe John Jonathan Jordan Joseph Joshua Keith "
            "Kenneth Kevin Kieran Kyle Lawrence Lee Leo Leonard Leslie Lewis Liam Logan Louis Lucas Luke Malcolm Mark "
            "Martin Mason Matthew Max Michael Nathan Neil Nicholas Nigel Noah Norman Oliver Oscar Owen Patrick Paul "
            "Peter Philip Ralph Raymond Reginald Rhys Richard Riley Robert Robin Rodney Roger Ronald Rory Ross Roy "
            "Russell Ryan Samuel Scott Sean Sebastian Shane Shaun Sidney Simon Spencer Stanley Stephen Steven Stuart "
            "Terence Theo Thomas Timothy Toby Trevor Tyler Victor Vincent Walter Warren Wayne William Zachary"
        ),
        _words(
            "Abigail Alexandra Alice Alison Amanda Amber Amelia Amy Andrea Angela Anna Anne Annie Audrey Barbara "
            "Beatrice Bethany Betty Beverley Brenda Bridget Carol Caroline Carolyn Catherine Charlotte Chelsea Cheryl "
            "Chloe Christine Claire Clara Courtney Daisy Danielle Dawn Deborah Denise Diana Donna Doreen Doris Dorothy "
            "Edith Eileen Elaine Eleanor Elizabeth Ella Ellen Ellie Elsie Emily Emma Erin Esther Evelyn Evie Faith "
            "Fiona Florence Frances Freya Gail Gemma Georgia Gillian Gladys Glenda Grace Hannah Harriet Hayley Hazel "
            "Heather Helen Hilary Holly Imogen Irene Iris Isabel Isla Ivy Jacqueline Jane Janet Janice Jasmine Jayne "
            "Jean Jennifer Jessica Jill Joan Joanna Jodie Josephine Joyce Judith Julia Julie June Karen Katherine "
            "Kathleen Katie Kayleigh Kelly Kerry Kim Kirsty Laura Lauren Leah Leanne Lesley Lillian Lily Linda Lindsey "
            "Lisa Lorraine Louise Lucy Lydia Lynn Madeleine Mandy Margaret Maria Marion Marjorie Martha Mary Matilda "
            "Maureen Megan Melanie Melissa Mia Michelle Mildred Millie Molly Monica Muriel Nancy Natalie Natasha "
            "Nicola Nora Olive Olivia Paige Pamela Patricia Paula Pauline Penelope Phoebe Phyllis Poppy Rachel Rebecca "
            "Rhiannon Rita Rosemary Rosie Ruby Ruth Sally Samantha Sandra Sarah Scarlett Shannon Sharon Sheila Shirley "
            "Sian Sophie Stacey Stella Stephanie Susan Suzanne Sylvia Tanya Teresa Tina Tracey Una Valerie Vanessa "
            "Vera Victoria Violet Vivienne Wendy Yvonne Zara Zoe"
        ),
    ),
    Origin(
        70,
        "English",
        _words(
            "Brady Brennan Burke Byrne Callaghan Campbell Carroll Connolly Cullen Daly Doherty Donnelly Doyle Duffy "
            "Farrell Ferguson Flynn Fraser Gallagher Hamilton Healy Henderson Hogan Keane Kelly Lynch MacDonald "
            "MacLeod Maguire McCarthy McGrath McIntyre McKenzie Molloy Moran Morrison Murphy Nolan O'Brien O'Connor "
            "O'Neill O'Sullivan Quinn Reilly Rafferty Regan Ryan Sinclair Stewart Sweeney Tierney"
        ),
        _words(
            "Aidan Brendan Callum Cathal Ciarán Conor Cormac Declan Dermot Diarmuid Donal Eamon Eoin Euan Fergus Finn "
            "Gerard Hamish Iain Kieran Lachlan Lorcan Malachy Murdo Niall Oisín Padraig Rory Ruairi Seán Shane Tadhg"
        ),
        _words(
            "Aileen Aine Aoife Bernadette Bridget Catriona Ciara Clodagh Deirdre Eilidh Fionnuala Gráinne Iona "
            "Mairead Maeve Morag Niamh Nuala Oonagh Orla Róisín Saoirse Shona Sinead Siobhán Sorcha Una"
        ),
    ),
    Origin(
        60,
        "Polish",
        _words(
            "Adamczyk Bąk Czarnecki Dąbrowski Górski Jabłoński Jankowski Kaczmarek Kamiński Kowalczyk Kowalski "
            "Krawczyk Lewandowski Mazur Michalski Nowak Nowicki Ostrowski Pawlak Piotrowski Sikora Szymański Walczak "
            "Wieczorek Wiśniewski Wójcik Wróbel Zając Zieliński"
        ),
        _words(
            "Adam Aleksander Bartosz Damian Dawid Filip Grzegorz Jakub Jan Kacper Kamil Krzysztof Łukasz Maciej Marcin "
            "Mateusz Michał Paweł Piotr Szymon Tomasz Wojciech Zbigniew"
        ),
        _words(
            "Agnieszka Aleksandra Alicja Anna Barbara Beata Dorota Ewa Hanna Iwona Joanna Julia Justyna Katarzyna "
            "Magdalena Małgorzata Marta Monika Natalia Oliwia Renata Weronika Zofia Zuzanna"
        ),
    ),
    Origin(
        90,
        "Punjabi, Urdu or Bengali",
        _words(
            "Ahmed Akhtar Ali Aslam Bashir Begum Bhatt Chaudhry Chowdhury Das Dhillon Gill Gupta Hussain Iqbal Islam "
            "Joshi Kapoor Kaur Khan Khatun Mahmood Malik Mehta Miah Mirza Mistry Nair Patel Qureshi Rahman Raja Rao "
            "Rashid Sandhu Shah Sharma Sheikh Siddiqui Sidhu Singh Uddin Verma Yousaf"
        ),
        _words(
            "Abdul Adil Ahmad Amir Arjun Asif Bilal Danish Faisal Farhan Gurpreet Hamza Haroon Hassan Ibrahim Imran "
            "Irfan Jasdeep Kamal Khalid Manjit Mohammed Muhammad Nadeem Naveed Nikhil Omar Rahul Rajesh Rizwan Sajid "
            "Salman Sanjay Tariq Usman Vikram Waqas Yusuf Zain"
        ),
        _words(
            "Aaliyah Aisha Amina Anjali Asha Ayesha Deepa Farah Fatima Gurleen Hafsa Harpreet Iqra Jaspreet Kavita "
            "Khadija Lakshmi Maryam Meera Nadia Nasreen Neha Nisha Parveen Pooja Rabia Razia Rukhsana Saima Samina "
            "Shabnam Shazia Simran Sunita Tahira Yasmin Zainab"
        ),
    ),
    Origin(
        40,
        "English",
        _words(
            "Abara Achebe Addo Adebayo Adeleke Afolabi Agyeman Amadi Asante Balogun Boateng Danso Ekwueme Eze Gyasi "
            "Kamara Koroma Mensah Mwangi Ndlovu Njoku Nkrumah Nwosu Obi Ochieng Ofori Ogunleye Okafor Okeke Okoro "
            "Olaniyan Opoku Osei Owusu Sesay Tembo Uche Yeboah"
        ),
        _words(
            "Abiola Adewale Ayodele Babatunde Chidi Chukwuma Emeka Femi Ikenna Jelani Kofi Kojo Kwabena Kwame Kweku "
            "Lamin Nnamdi Obinna Oluwaseun Samuel Sekou Tendai Tunde Uchenna Yaw"
        ),
        _words(
            "Abena Abimbola Adaeze Adwoa Akosua Ama Amara Blessing Chiamaka Efua Esi Folake Funmilayo Grace Ifeoma "
            "Kemi Mercy Ngozi Nkechi Nneka Patience Rutendo Tendai Thandiwe Yetunde Zainab"
        ),
    ),
    Origin(
        20,
        "Portuguese",
        _words(
            "Almeida Barros Carvalho Correia Costa Dias Ferreira Gonçalves Lopes Marques Martins Mendes Moreira "
            "Nunes Oliveira Pereira Pinto Ribeiro Rocha Rodrigues Santos Silva Soares Sousa Teixeira Vieira"
        ),
        _words(
            "André António Bruno Diogo Eduardo Gonçalo Henrique Hugo João Jorge José Luís Miguel Nuno Paulo Pedro "
            "Rafael Ricardo Sérgio Tiago Vasco"
        ),
        _words(
            "Beatriz Carla Catarina Cláudia Cristina Filipa Inês Joana Leonor Mafalda Margarida Mariana Marta Rita "
            "Sandra Sara Sofia Susana Teresa Vânia"
        ),
    ),
    Origin(
        20,
        "Mandarin or Cantonese",
        _words(
            "Chan Chang Chen Cheung Fong Guo Ho Huang Lam Lau Leung Li Lin Liu Ng Sun Tang Tsang Wang Wong Wu Xu "
            "Yang Yip Zhang Zhao Zhou"
        ),
        _words("Chun Hao Jian Jun Kai Kin Lei Ming Peng Qiang Tao Wai Wei Xiang Yong Zhen"),
        _words("Ai Fang Hui Jing Lan Li Ling Mei Min Na Qing Shu Wai Xiu Yan Ying Yue"),
    ),
)

UNACCOMPANIED: tuple[Origin, ...] = (
    Origin(
        1,
        "Pashto",
        _words("Ahmadzai Kakar Noorzai Safi Stanekzai Wardak Zadran"),
        _words("Asadullah Farid Habib Jawad Najib Rahmat Zabihullah"),
        _words("Farzana Palwasha Zarmina"),
    ),
    Origin(
        1,
        "Tigrinya",
        _words("Abraha Berhane Gebre Haile Kidane Tekle Weldu"),
        _words("Awet Dawit Filmon Kibrom Merhawi Simon Yonas"),
        _words("Helen Luwam Selam"),
    ),
    Origin(
        1,
        "Kurdish (Sorani)",
        _words("Ahmed Faraj Hama Karim Mahmud Osman Rasul"),
        _words("Alan Aram Dana Hiwa Karwan Rebin Sarkawt"),
        _words("Shilan Tara Zhyan"),
    ),
)

TREES = _words(
    "Alder Ash Aspen Beech Birch Blackthorn Bramble Cedar Chestnut Cherry Elder Elm Fern Gorse Hawthorn Heather "
    "Holly Hornbeam Ivy Juniper Laburnum Laurel Lilac Lime Linden Maple Medlar Myrtle Oak Orchard Pear Pine Poplar "
    "Quince Rowan Sallow Sorrel Spindle Spruce Sycamore Tamarisk Teasel Thistle Walnut Whitebeam Willow Yew"
)
WAYS = _words(
    "Avenue Close Court Crescent Drive Gardens Green Grove Hill Lane Mead Place Rise Road Row Street Terrace Walk Way"
)
TOWNS: dict[str, tuple[str, ...]] = {
    "hampshire": _words(
        "Netherbourne Ashmere Wickhurst Brackenford Hollowmere Kingsdene Thornleigh Marlcombe Oakshott_St_Mary "
        "Upper_Dunnock Withyham_Cross Stourmead Ravensholt"
    ),
    "portsmouth": _words("Harbour_Hythe Eastmarsh Gullhaven Ropewalk_Quay Saltern_Green"),
    "southampton": _words("Westquay_Heath Tanners_Dock Bellmoor Castlefold Riverhithe"),
    "isle_of_wight": _words("Chalkwater Seven_Gables_Bay Undermead Sandrock"),
}
"""Invented towns by authority; the first letter of their postcodes' second half is the authority's."""
POSTAL = {"hampshire": "XH", "portsmouth": "XP", "southampton": "XS", "isle_of_wight": "XW"}
SHARES: tuple[tuple[str, int], ...] = (("hampshire", 70), ("southampton", 13), ("portsmouth", 11), ("isle_of_wight", 6))

MARKERS: tuple[MarkerKind, ...] = (
    MarkerKind("suicide_self_harm", Rank.HOUR, "Suicide or self-harm", "any"),
    MarkerKind("suicide_self_harm", Rank.HOUR, "Suicide or self-harm", "adult"),
    MarkerKind("violence_to_staff", Rank.HOUR, "Violence to staff", "adult"),
    MarkerKind("weapons", Rank.NOW, "Weapons: knife shown to an officer", "adult"),
    MarkerKind("dangerous_dog", Rank.SHIFT, "Dangerous dog at the address", "adult"),
    MarkerKind("two_person_visits", Rank.HOUR, "Do not visit alone", "adult"),
    MarkerKind("da_high", Rank.HOUR, "Domestic abuse: high risk", "adult", 3),
    MarkerKind("do_not_disclose_address", Rank.NOW, "Address must not be disclosed", "adult", 3),
    MarkerKind("no_contact_person", Rank.HOUR, "Court order: no contact with a named person", "any"),
    MarkerKind("child_protection_plan", Rank.HOUR, "Child protection plan", "child", 3),
    MarkerKind("missing_repeat", Rank.HOUR, "Repeatedly missing", "child", 3),
    MarkerKind("exploitation", Rank.HOUR, "Exploitation", "child", 6),
    MarkerKind("dementia", Rank.SHIFT, "Dementia", "old"),
    MarkerKind("key_safe", Rank.INFORMATION, "Key safe: ask the duty manager", "old"),
    MarkerKind("oxygen_equipment", Rank.SHIFT, "Oxygen equipment in the home", "old"),
    MarkerKind("deaf_bsl", Rank.SHIFT, "Deaf: uses British Sign Language", "any"),
    MarkerKind("learning_disability", Rank.SHIFT, "Learning disability: short sentences", "any"),
    MarkerKind("autism", Rank.SHIFT, "Autism: say what will happen next", "any"),
    MarkerKind("repeat_caller_plan", Rank.SHIFT, "Plan for repeated calls: read it first", "adult"),
    MarkerKind("hoarding_fire", Rank.SHIFT, "Hoarding: fire risk", "adult"),
)
EVIDENCE = _words("case_record police_notification hospital_letter worker's_visit GP_letter housing_officer")
SETTERS = ("R Osei", "K Lindqvist", "M Farrant", "S Devlin", "J Abernethy", "P Castellan")
AUTHORISERS = ("Duty manager", "Team manager", "On-call manager")

HISTORY_ADULT = (
    "Rang, worried about money for the meter",
    "Welfare visit: seen",
    "Welfare visit: no reply, card left",
    "Crisis team informed",
    "Care visit missed: agency rang back",
    "Safeguarding concern passed to the adults' team",
    "Asked for a Mental Health Act assessment",
    "Neighbour rang, shouting heard",
    "Carer ill: respite asked for",
    "Fell at home, ambulance attended",
    "Information given",
    "Ambulance rang: known here?",
)
HISTORY_CHILD = (
    "Police notification, screened",
    "Missing, returned by police",
    "Return interview offered",
    "Placement asked for",
    "School rang, worried",
    "Strategy discussion held",
    "Carer rang: boundaries",
    "Appropriate adult arranged",
    "Grandparent rang for advice",
    "Contact arrangements, advice given",
)
SAFE = ("not asked", "not asked", "not asked", "not asked", "yes", "yes", "only before 18:00", "no")
COMMUNICATION = ("", "", "", "", "", "", "", "hard of hearing", "needs large print", "uses text relay")
