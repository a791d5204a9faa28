"""The starter recogniser's words by kind: what fills the slots of `speech_templates`.

Rules: lower case, words apart by one space, comma-separated phrases. A phrase with a word that the pronouncing dictionary
lacks is left out by `words_lexicon.known`.
"""


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())


NAMES = _phrases("""
    anna, peter, mary, john, james, robert, michael, william, david, richard, joseph, thomas, charles, daniel, matthew, anthony,
    mark, steven, paul, andrew, joshua, kevin, brian, george, edward, ronald, timothy, jason, jeffrey, ryan, jacob, gary,
    nicholas, eric, jonathan, stephen, larry, justin, scott, brandon, benjamin, samuel, gregory, frank, alexander, raymond,
    patrick, jack, dennis, jerry, tyler, aaron, henry, adam, nathan, douglas, zachary, kyle, walter, ethan, jeremy, keith,
    christian, roger, noah, gerald, carl, terry, sean, austin, arthur, lawrence, jesse, dylan, bryan, joe, jordan, billy, bruce,
    albert, willie, gabriel, logan, alan, juan, wayne, roy, ralph, randy, eugene, vincent, russell, elijah, louis, bobby, philip,
    johnny, oliver, leo, max, oscar, felix, lucas, simon, martin, victor, patricia, jennifer, linda, elizabeth, barbara, susan,
    jessica, sarah, karen, lisa, nancy, betty, margaret, sandra, ashley, kimberly, emily, donna, michelle, carol, amanda,
    dorothy, melissa, deborah, stephanie, rebecca, sharon, laura, cynthia, kathleen, amy, angela, shirley, brenda, emma, pamela,
    nicole, helen, samantha, katherine, christine, rachel, carolyn, janet, catherine, maria, heather, diane, ruth, julie, olivia,
    joyce, virginia, victoria, kelly, lauren, christina, joan, evelyn, judith, megan, andrea, cheryl, hannah, jacqueline, martha,
    gloria, teresa, ann, sara, madison, frances, kathryn, janice, jean, abigail, alice, julia, judy, sophia, grace, denise,
    amber, marilyn, danielle, beverly, isabella, theresa, diana, natalie, charlotte, rose, alexis, eva, clara, lucy, ella, mia,
    tom, sam, ben, bob, bill, jim, mike, dan, tim, kate, jane, sally, lily, ivy, tony, nick""")
PETS = _phrases("max, bella, charlie, lucy, daisy, rocky, buddy, molly, coco, milo, luna, oscar, rex, bruno, lady, tiger, teddy")
ROOMS = _phrases("""
    kitchen, living room, bedroom, bathroom, office, hallway, hall, garage, garden, dining room, basement, attic, nursery,
    guest room, laundry room, study, balcony, porch, entrance, master bedroom, kids room, playroom, library, cellar,
    terrace, patio, staircase, corridor, toilet, workshop, pantry, closet, lounge, conservatory, backyard, front yard""")
LIGHTS = _phrases("""
    light, lights, lamp, lamps, ceiling light, floor lamp, desk lamp, bedside lamp, reading lamp, table lamp, night light,
    wall light, spotlight, led strip, chandelier""")
SWITCHES = _phrases("""
    fan, ceiling fan, heater, radio, television, tv, coffee machine, coffee maker, kettle, toaster, oven, dishwasher,
    washing machine, dryer, socket, plug, switch, outlet, humidifier, air conditioner, air conditioning, heating, boiler, pump,
    sprinkler, printer, computer, speaker, speakers, stereo, christmas tree, fireplace, camera, alarm, doorbell, router,
    projector, screen, fridge, freezer, microwave, stove, iron, vacuum, robot, charger, fountain, pool, siren, music""")
COVERS = _phrases("""
    curtain, curtains, blind, blinds, shutter, shutters, shade, shades, awning, window, windows, garage door, gate, door,
    front door, back door, left curtain, right blind, roof window, skylight""")
LOCKS = _phrases("front door, back door, door, gate, garage door, garage, window, side door, balcony door, shutter, lock, safe")
COLOURS = _phrases("""
    red, green, blue, white, yellow, orange, purple, pink, brown, black, turquoise, warm white, cold white, cool white, gray,
    grey, violet, gold, silver, magenta, daylight, candle light, lime, navy, indigo, crimson, beige""")
FOODS = _phrases("""
    milk, bread, butter, eggs, cheese, apples, bananas, oranges, coffee, tea, sugar, salt, flour, rice, pasta, potatoes,
    tomatoes, onions, carrots, chicken, beef, fish, pizza, ice cream, chocolate, cookies, cereal, yogurt, honey, jam, wine,
    beer, water, juice, orange juice, soup, salad, beans, corn, peas, garlic, lemons, strawberries, cherries, grapes, pears,
    mushrooms, lettuce, cucumber, spinach, peppers, sausages, bacon, ham, turkey, noodles, oil, olive oil, vinegar, pepper,
    cake, cream, nuts, toilet paper, paper towels, soap, shampoo, toothpaste, batteries, light bulbs, dog food, cat food,
    candles, flowers, diapers, detergent, napkins, ketchup, mustard, spaghetti, steak, sushi, pancakes, sandwiches""")
CITIES = _phrases("""
    london, paris, berlin, madrid, rome, vienna, new york, boston, chicago, seattle, amsterdam, dublin, sydney, tokyo, moscow,
    beijing, toronto, munich, hamburg, milan, lisbon, athens, oslo, stockholm, copenhagen, helsinki, warsaw, prague, budapest,
    brussels, zurich, geneva, barcelona, san francisco, los angeles, washington, houston, dallas, denver, atlanta, miami,
    manchester, liverpool, edinburgh, glasgow, cambridge, oxford, bristol, shanghai, hong kong, singapore, delhi, cairo""")
COUNTRIES = _phrases("""
    france, germany, spain, italy, austria, england, scotland, ireland, portugal, greece, poland, norway, sweden, denmark,
    finland, russia, china, japan, india, canada, mexico, brazil, argentina, chile, peru, egypt, turkey, australia,
    new zealand, switzerland, belgium, the netherlands, hungary, the czech republic, the united states, korea, thailand,
    vietnam, kenya, south africa, israel, iran, iraq, cuba, iceland, ukraine, wales, america, europe, asia, africa""")
ANIMALS = _phrases(
    "dog, cat, horse, hamster, bird, parrot, rabbit, turtle, mouse, snake, cow, pig, puppy, kitten, goldfish, elephant"
)
KIN = _phrases("""
    wife, husband, son, daughter, brother, sister, mother, father, mom, dad, friend, boss, neighbor, uncle, aunt, cousin,
    grandmother, grandfather, girlfriend, boyfriend, doctor, teacher, baby, niece, nephew, partner, grandma, grandpa""")
JOBS = _phrases("""
    teacher, doctor, nurse, engineer, student, writer, lawyer, driver, cook, artist, farmer, painter, programmer, gardener,
    musician, scientist, mechanic, dentist, baker, pilot, manager""")
HOBBIES = _phrases("""
    football, tennis, chess, swimming, running, cooking, reading, music, dancing, hiking, painting, basketball, gardening,
    fishing, cycling, yoga, photography, golf, soccer, baseball, singing, traveling, knitting, skiing""")
MUSIC = _phrases("""
    jazz, rock, pop, classical music, blues, country music, some music, the news, my playlist, a podcast, relaxing music,
    the beatles, mozart, christmas songs, hip hop, the radio, a movie, an album, a song, dance music, piano music, my favorites""")
TASKS = _phrases("""
    call mom, take out the trash, feed the cat, feed the dog, water the plants, take my medicine, buy milk, pay the rent,
    wash the car, go shopping, go to bed, walk the dog, call the doctor, check the oven, do my homework, clean the kitchen,
    send the email, pick up the kids, drink water, do the laundry, wake up, book a table, lock the door, make dinner""")
DAYS = _phrases(
    "monday, tuesday, wednesday, thursday, friday, saturday, sunday, tomorrow, today, tonight, next week, the weekend"
)
MONTHS = _phrases("january, february, march, april, may, june, july, august, september, october, november, december")
ORDINALS = _phrases("""
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth, fourteenth,
    fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth, twenty first, twenty second, twenty third,
    twenty fourth, thirtieth, thirty first""")
UNITS = _phrases("""
    meters, kilometers, miles, feet, inches, centimeters, millimeters, yards, kilograms, grams, pounds, ounces, liters, gallons,
    cups, pints, degrees, seconds, minutes, hours, days, weeks, months, years, euros, dollars, tons, teaspoons, tablespoons""")
SCENES = _phrases("""
    movie, night, morning, party, dinner, reading, cozy, bedtime, good night, good morning, relax, bright, romantic, away,
    vacation, cleaning, work, christmas, sleep, cinema, evening, gaming""")
TIMER_NAMES = _phrases("pizza, egg, tea, pasta, kitchen, laundry, oven, bread, cake, workout, coffee, nap, chicken, rice, cookie")
LISTS = _phrases("shopping list, grocery list, to do list, task list, packing list, wish list, list, holiday list, work list")
TOPICS = _phrases("""
    the moon, the sun, water, gravity, a computer, the ocean, a rainbow, history, science, music, space, cats, dogs, bread,
    the weather, electricity, photosynthesis, the earth, mars, a robot, snow, the brain, time, light, energy, python, a volcano""")
WEATHER = _phrases("rain, snow, be sunny, be cold, be hot, be windy, be cloudy, be warm, freeze, be foggy, be stormy")
MISC = _phrases("""
    light, lamp, window, door, hello, goodbye, please, sorry, maybe, never, always, again, before, after, yesterday, morning,
    evening, night, noon, midnight, hundred, thousand, million, zero, half, quarter, double, percent, point, minus, plus, equals,
    louder, quieter, brighter, darker, warmer, colder, faster, slower, higher, lower, left, right, upstairs, downstairs, inside,
    outside, everything, nothing, something, someone, nobody, computer, assistant, alexa, jarvis, mycroft, nabu, hey, okay,
    stop, cancel, pause, resume, continue, quit, wait, silence, quiet, help, correct, wrong, true, false, begin, finish, snooze,
    spring, summer, autumn, winter, birthday, number, password, code, address, phone, street, city, country, island, river,
    people, world, family, child, children, man, woman, boy, girl, age, old, young, new, big, small, long, short, heavy, happy,
    sad, tired, hungry, thirsty, bored, sick, angry, fine, great, good, bad, nice, beautiful, wonderful, fantastic, awesome,
    any, get, got, let, still, turned, been, being, come, came, could, should, does, done, each, even, every, first, from, give,
    given, goes, going, gone, had, has, have, having, her, hers, here, him, his, if, into, just, keep, kept, know, last, less,
    look, made, many, might, more, most, must, need, off, once, only, other, our, out, over, said, same, see, seen, she, since,
    such, take, taken, than, their, them, then, there, these, they, thing, things, those, through, too, took, try, under, until,
    up, us, use, used, was, way, well, went, were, when, which, while, whole, why, without, would, yet, your, yours""")

SLOTS: dict[str, tuple[str, ...]] = {
    "name": NAMES, "pet": PETS, "room": ROOMS, "light": LIGHTS, "switch": SWITCHES, "cover": COVERS, "lock": LOCKS,
    "colour": COLOURS, "food": FOODS, "city": CITIES, "country": COUNTRIES, "animal": ANIMALS, "kin": KIN, "job": JOBS,
    "hobby": HOBBIES, "music": MUSIC, "task": TASKS, "day": DAYS, "month": MONTHS, "ordinal": ORDINALS, "unit": UNITS,
    "scene": SCENES, "timer": TIMER_NAMES, "list": LISTS, "topic": TOPICS, "weather": WEATHER, "misc": MISC,
}  # fmt: skip
